/**
 * The Redis door: the store, for clients that speak Redis's protocol. A request becomes a
 * {@code Task} by the {@code CommandTable}; a {@code RedisConnection} keeps the order.
 */
@NullMarked
package dev.paxoskv.server.door.redis;

import org.jspecify.annotations.NullMarked;
