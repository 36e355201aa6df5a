/** The {@code kv} command: what people and scripts say to a store, and what it prints. */
@NullMarked
package dev.paxoskv.client.cli;

import org.jspecify.annotations.NullMarked;
