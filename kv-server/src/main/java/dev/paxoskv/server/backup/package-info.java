/** The replicated state in a file that outlives its cluster, and a new cluster made of it. */
@NullMarked
package dev.paxoskv.server.backup;

import org.jspecify.annotations.NullMarked;
