/** What one peer knows and is waiting for, for people to look at. Nothing here has an influence. */
@NullMarked
package dev.paxoskv.paxos.protocol.view;

import org.jspecify.annotations.NullMarked;
