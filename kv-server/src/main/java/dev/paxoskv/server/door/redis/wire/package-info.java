/** Redis's protocol, version 2, as bytes: requests with their limits, and replies. */
@NullMarked
package dev.paxoskv.server.door.redis.wire;

import org.jspecify.annotations.NullMarked;
