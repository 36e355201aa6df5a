/** The replicated state in files, from which a server starts again. */
@NullMarked
package dev.paxoskv.server.snapshot;

import org.jspecify.annotations.NullMarked;
