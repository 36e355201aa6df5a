/** Shows people what one server knows of an instance, or of the last write to a key. */
@NullMarked
package dev.paxoskv.server.explain;

import org.jspecify.annotations.NullMarked;
