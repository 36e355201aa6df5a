package dev.paxoskv.peers;

import dev.paxoskv.client.bench.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One connection after the other. With fewer operations in flight than connections some would have
 * nothing to do, and where the leader happens to be would decide the latency.
 */
final class Rotation implements Target {
  private final List<? extends Target> all;
  private final AtomicInteger next = new AtomicInteger();

  Rotation(List<? extends Target> all) {
    this.all = all;
  }

  private Target next() {
    return all.get(Math.floorMod(next.getAndIncrement(), all.size()));
  }

  @Override
  public CompletableFuture<?> put(byte[] key, byte[] value) {
    return next().put(key, value);
  }

  @Override
  public CompletableFuture<?> get(byte[] key) {
    return next().get(key);
  }

  @Override
  public void close() {
    all.forEach(Target::close);
  }
}
