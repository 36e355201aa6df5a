package dev.paxoskv.paxos.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Performs the journal's work when the test says so. */
final class StepWorker implements JournalWorker {
  private final ArrayDeque<Supplier<Runnable>> waiting = new ArrayDeque<>();
  private final ArrayDeque<Runnable> news = new ArrayDeque<>();

  @Override
  public <T> void run(Work<T> work, Consumer<T> then) {
    waiting.add(() -> {
      try {
        T result = work.perform();
        return () -> then.accept(result);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** The first of those that wait has begun. */
  @Override
  public boolean takeBack() {
    boolean isPossible = waiting.size() > 1;
    if (isPossible) {
      waiting.removeLast();
    }
    return isPossible;
  }

  boolean isIdle() {
    return waiting.isEmpty() && news.isEmpty();
  }

  boolean isWorking() {
    return !waiting.isEmpty();
  }

  /** The disk has done one thing more, and the journal has not heard of it. */
  void performOnly() {
    news.add(waiting.remove().get());
  }

  void step() {
    if (news.isEmpty()) {
      performOnly();
    }
    news.remove().run();
  }

  void all() {
    while (!isIdle()) {
      step();
    }
  }
}
