package dev.paxoskv.client.bench;

import java.util.concurrent.CompletableFuture;

/** One connection to a store under load. Called by one thread at a time, or its own. */
public interface Target extends AutoCloseable {

  /** Sets {@code key} to {@code value}; neither array is to be changed. */
  CompletableFuture<?> put(byte[] key, byte[] value);

  /** Reads {@code key}, as fresh as the store can; a missing key is no failure. */
  CompletableFuture<?> get(byte[] key);

  /** Ends the connection. */
  @Override
  void close();
}
