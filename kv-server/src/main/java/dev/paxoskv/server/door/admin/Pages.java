package dev.paxoskv.server.door.admin;

import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What there is to see, and how it is come by. Called on the admin door's thread. */
final class Pages implements AutoCloseable {
  /** A probe that gave up would not hear why. */
  private static final long READY_MILLIS = 700;

  private static final long ANSWER_MILLIS = 1500;

  private final Inside inside;
  private final EventLoop loop;
  private final Metrics metrics;
  private final Readiness readiness;

  Pages(Inside inside, EventLoop loop) {
    this.inside = inside;
    this.loop = loop;
    this.metrics = new Metrics(inside);
    this.readiness = new Readiness(inside);
  }

  /** The page at {@code path}, or empty if there is none; completes on any thread. */
  Optional<CompletableFuture<Page>> at(String path) {
    return Optional.ofNullable(
        switch (path) {
          case "/livez" -> ask(() -> Page.fine("alive"));
          case "/readyz" -> ready();
          case "/metrics" ->
            ask(metrics::sample)
                .thenApplyAsync(sample -> Page.fine(Metrics.TYPE, metrics.text(sample)), loop);
          case "/status" ->
            ask(inside.status())
                .thenApplyAsync(
                    status -> Page.fine("application/json", StatusJson.of(status)), loop);
          default -> null;
        });
  }

  /** When nobody is answered any more. */
  @Override
  public void close() {
    metrics.close();
  }

  private CompletableFuture<Page> ready() {
    CompletableFuture<Optional<String>> verdict = new CompletableFuture<>();
    onProtocolThread(verdict, () -> readiness.ask(verdict));
    loop.schedule(
        () -> {
          if (!verdict.isDone()) {
            onProtocolThread(verdict, () -> readiness.giveUp(verdict));
          }
        },
        READY_MILLIS,
        TimeUnit.MILLISECONDS);
    return verdict.thenApply(why -> why.map(reason -> Page.unavailable("not ready: " + reason))
        .orElseGet(() -> Page.fine("ready")));
  }

  private <T> CompletableFuture<T> ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    onProtocolThread(answer, () -> answer.complete(question.get()));
    return answer;
  }

  /** {@code answer} is not waited for for ever, and a server that has stopped answers nothing. */
  private void onProtocolThread(CompletableFuture<?> answer, Runnable question) {
    answer.orTimeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    try {
      inside.node().execute(question);
    } catch (IllegalStateException e) {
      answer.completeExceptionally(e);
    }
  }
}
