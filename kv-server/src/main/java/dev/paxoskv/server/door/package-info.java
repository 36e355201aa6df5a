/** The native door: connections of clients, their frames, and the frames that answer them. */
@NullMarked
package dev.paxoskv.server.door;

import org.jspecify.annotations.NullMarked;
