/**
 * Where operators and their tools look in, by HTTP: is the server alive, is it ready, what does it
 * count, how is it. Has a thread of its own, so that a slow or rude visitor holds nobody up; what
 * it shows is asked of the protocol thread, which it never waits for.
 */
@NullMarked
package dev.paxoskv.server.door.admin;

import org.jspecify.annotations.NullMarked;
