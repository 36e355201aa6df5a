/**
 * What the client needs of the world: time, dice, and connections to servers. Production puts Netty
 * and the machine's clock behind it; a simulation puts virtual time there and runs everything above
 * as it is.
 */
@NullMarked
package dev.paxoskv.client.edge;

import org.jspecify.annotations.NullMarked;
