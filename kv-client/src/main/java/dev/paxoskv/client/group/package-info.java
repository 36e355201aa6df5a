/** Clients that share threads. */
@NullMarked
package dev.paxoskv.client.group;

import org.jspecify.annotations.NullMarked;
