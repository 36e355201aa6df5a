/** Writes down what clients asked and were told, for {@code kv check}. */
@NullMarked
package dev.paxoskv.client.history;

import org.jspecify.annotations.NullMarked;
