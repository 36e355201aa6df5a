package dev.paxoskv.client;

import dev.paxoskv.client.history.Recorder;
import dev.paxoskv.proto.kv.Reply;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The future of one operation, and who else wants to know how it ends. */
final class Pledge<T> implements Operation.Outcome {
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final Function<Reply, T> reading;
  private final Runnable ended;
  private final Optional<Recorder.Entry> entry;

  /**
   * Makes one.
   *
   * @param reading what the caller is told of a reply
   * @param ended called before the caller hears of the end
   * @param entry if the operation is recorded
   */
  Pledge(Function<Reply, T> reading, Runnable ended, Optional<Recorder.Entry> entry) {
    this.reading = reading;
    this.ended = ended;
    this.entry = entry;
  }

  CompletableFuture<T> result() {
    return result;
  }

  @Override
  public void succeeded(Reply reply) {
    ended.run();
    entry.ifPresent(open -> open.done(reply));
    result.complete(reading.apply(reply));
  }

  @Override
  public void failed(KvException why) {
    ended.run();
    entry.ifPresent(open -> open.failed(why instanceof NotAppliedException));
    result.completeExceptionally(why);
  }
}
