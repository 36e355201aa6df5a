package dev.paxoskv.paxos.journal.file;

import dev.paxoskv.paxos.journal.JournalWorker;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The one thread that waits for the disk. After the first failure it does nothing more: what a
 * failed write or sync left on the disk is unknown, and asking again could only hide that.
 */
public final class JournalThread implements JournalWorker, AutoCloseable {
  private final ThreadPoolExecutor thread;
  private final Executor protocol;
  private final Consumer<Throwable> failed;
  private volatile long since;
  private Runnable last = () -> {};
  private boolean isBroken;

  /**
   * Makes a thread that starts with its first work.
   *
   * @param name of the thread
   * @param protocol runs what follows a piece of work, on the protocol thread
   * @param failed told on the protocol thread, once: the peer must stop
   */
  public JournalThread(String name, Executor protocol, Consumer<Throwable> failed) {
    this.protocol = protocol;
    this.failed = failed;
    this.thread = new ThreadPoolExecutor(
        1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> new Thread(task, name));
  }

  @Override
  public <T> void run(Work<T> work, Consumer<T> then) {
    last = () -> perform(work, then);
    try {
      thread.execute(last);
    } catch (RejectedExecutionException e) {
      // Closed: what is asked for now is dropped, as in a crash.
    }
  }

  @Override
  public boolean takeBack() {
    return thread.getQueue().remove(last);
  }

  private <T> void perform(Work<T> work, Consumer<T> then) {
    if (isBroken) {
      return;
    }
    // Never 0, which stands for nothing to do.
    since = System.nanoTime() | 1;
    try {
      T result = work.perform();
      tell(() -> then.accept(result));
    } catch (FileSystemException e) {
      // Its own message is often the file's name and no more.
      fail(new IOException(FileTrouble.of(e), e));
    } catch (IOException | RuntimeException | Error e) {
      fail(e);
    } finally {
      since = 0;
    }
  }

  private void fail(Throwable why) {
    isBroken = true;
    tell(() -> failed.accept(why));
  }

  private void tell(Runnable news) {
    try {
      protocol.execute(news);
    } catch (RejectedExecutionException | IllegalStateException e) {
      // The peer is closed: nobody waits for news any more, and no more work is worth doing.
      isBroken = true;
    }
  }

  /**
   * For how long the piece of work at hand has been running, in nanoseconds; 0 if there is none.
   */
  public long busyNanos() {
    long began = since;
    return began == 0 ? 0 : Math.max(0, System.nanoTime() - began);
  }

  /**
   * Waits for the work at hand, even if the caller is interrupted: files and the directory's lock
   * go next. What waits behind it is dropped, as in a crash.
   */
  @Override
  public void close() {
    // Not interrupted: that would close the file under the work at hand.
    thread.getQueue().clear();
    thread.shutdown();
    boolean isDone = false;
    boolean isInterrupted = false;
    while (!isDone) {
      try {
        isDone = thread.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
