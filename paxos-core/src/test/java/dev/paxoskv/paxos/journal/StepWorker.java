package dev.paxoskv.paxos.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/** Performs the journal's work when the test says so. */
final class StepWorker implements JournalWorker {
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();

  @Override
  public <T> void run(Work<T> work, Consumer<T> then) {
    waiting.add(() -> {
      try {
        then.accept(work.perform());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  boolean isIdle() {
    return waiting.isEmpty();
  }

  void step() {
    waiting.remove().run();
  }

  void all() {
    while (!waiting.isEmpty()) {
      step();
    }
  }
}
