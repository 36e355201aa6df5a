/**
 * Load on a store, and how it answered: the engine of {@code kv bench}. It knows stores only as
 * {@link dev.paxoskv.client.bench.Target}, so that others can be measured with the same engine.
 */
@org.jspecify.annotations.NullMarked
package dev.paxoskv.client.bench;
