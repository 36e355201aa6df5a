package dev.paxoskv.paxos.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.Inspect;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.journal.SegmentedJournal;
import dev.paxoskv.paxos.journal.SegmentedJournal.Reading;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal on a real directory, by a real thread. */
class FileDiskTest {
  private static final int SEGMENT = 64 << 10;

  @TempDir
  Path directory;

  private final LinkedBlockingQueue<Runnable> protocol = new LinkedBlockingQueue<>();
  private final List<Throwable> failures = new ArrayList<>();
  private long durable;

  @Test
  void aSecondServerIsRefusedAndToldWhoIsThere() throws IOException {
    try (FileDisk first = FileDisk.open(directory)) {
      assertThat(first.list()).isEmpty();
      assertThatThrownBy(() -> FileDisk.open(directory))
          .hasMessageContaining(directory.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
    FileDisk.open(directory).close();
  }

  @Test
  void theLockIsGivenBackAlsoIfAFileCannotBeClosed() throws IOException {
    OpenFiles files = new OpenFiles();
    FileDisk disk = FileDisk.open(directory, files);
    disk.create("c", 1);
    FileChannel last = files.get("c").orElseThrow();
    files.put("a", new FaultyFile());
    files.put("b", new FaultyFile());
    assertThatThrownBy(disk::close)
        .hasMessage("closing a: input/output error")
        .satisfies(why -> assertThat(why.getSuppressed()).hasSize(1));
    assertThat(last.isOpen()).isFalse();
    FileDisk.open(directory).close();
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    try (FileDisk disk = FileDisk.open(directory)) {
      disk.create("a", 3_000_000);
      byte[] bytes = new byte[2_500_000];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (i * 31);
      }
      disk.write("a", 100, ByteBuffer.wrap(bytes));
      disk.sync("a");
      disk.rename("a", "b");
      disk.syncDirectory();

      ByteBuffer back = ByteBuffer.allocate(bytes.length);
      assertThat(disk.read("b", 100, back)).isEqualTo(bytes.length);
      assertThat(back.array()).isEqualTo(bytes);
      assertThat(disk.read("b", 3_000_000, ByteBuffer.allocate(9))).isZero();
      assertThat(disk.size("b")).isEqualTo(3_000_000);
      assertThat(disk.list()).containsExactly("b");
      disk.delete("b");
      assertThat(disk.list()).isEmpty();
      assertThat(disk.free()).isPositive();
    }
  }

  @Test
  void aJournalOnFilesComesBack() throws Exception {
    try (FileDisk disk = FileDisk.open(directory);
        JournalThread thread = new JournalThread("test", protocol::add, failures::add)) {
      SegmentedJournal journal = new SegmentedJournal(
          disk,
          thread,
          Recovery.open(disk, SEGMENT, 7),
          new Reading(disk.forReadingOnly(), thread));
      for (int i = 0; i < 200; i++) {
        Value value = Value.of(new byte[1000]);
        journal.append(new Voted(i, new Vote(new Ballot(1, 0, 1), value)));
        journal.sync(position -> durable = position);
      }
      while (durable < 200) {
        protocol.take().run();
      }
      assertThat(thread.busyNanos()).isNotNegative();
    }
    try (FileDisk disk = FileDisk.open(directory)) {
      assertThat(Inspect.describe(disk))
          .anyMatch(line -> line.contains("200 instances, 200 with a vote, 0 decided"));
      Recovery recovery = Recovery.open(disk, SEGMENT, 8);
      assertThat(recovery.findings()).isEmpty();
      assertThat(recovery.recovered().instances()).hasSize(200);
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void afterAFailureNothingMoreIsDone() throws Exception {
    try (JournalThread thread = new JournalThread("test", protocol::add, failures::add)) {
      thread.run(
          () -> {
            throw new IOException("log-1: input/output error");
          },
          nothing -> failures.add(new AssertionError("went on")));
      thread.run(() -> 1, one -> failures.add(new AssertionError("went on")));
      protocol.take().run();
    }
    assertThat(protocol).isEmpty();
    assertThat(failures).hasSize(1);
    assertThat(failures.get(0)).hasMessage("log-1: input/output error");
  }

  @Test
  void workIsTakenBackOnlyBeforeItBegins() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (JournalThread thread = new JournalThread("test", protocol::add, failures::add)) {
      assertThat(thread.takeBack()).isFalse();
      thread.run(
          () -> {
            begun.countDown();
            return await(go);
          },
          done -> durable++);
      begun.await();
      assertThat(thread.takeBack()).isFalse();
      thread.run(() -> 1, one -> failures.add(new AssertionError("was taken back")));
      assertThat(thread.takeBack()).isTrue();
      thread.run(() -> 1, one -> durable++);
      go.countDown();
      protocol.take().run();
      protocol.take().run();
    }
    assertThat(durable).isEqualTo(2);
    assertThat(protocol).isEmpty();
    assertThat(failures).isEmpty();
  }

  @Test
  void aSlowSyncIsSeenFromOutside() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    try (JournalThread thread = new JournalThread("test", protocol::add, failures::add)) {
      assertThat(thread.busyNanos()).isZero();
      thread.run(
          () -> {
            begun.countDown();
            return await(go);
          },
          done -> durable = 1);
      begun.await();
      assertThat(thread.busyNanos()).isPositive();
      go.countDown();
      protocol.take().run();
    }
    assertThat(durable).isEqualTo(1);
  }

  /** Else files would be closed, and the directory's lock given back, while it still writes. */
  @Test
  void whoClosesWaitsForTheWorkAtHandEvenIfInterrupted() throws Exception {
    JournalThread thread = new JournalThread("test", protocol::add, failures::add);
    List<String> order = new CopyOnWriteArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    Thread closer = new Thread(() -> {
      Thread.currentThread().interrupt();
      thread.close();
      order.add(Thread.currentThread().isInterrupted() ? "closed" : "forgot the interrupt");
    });
    thread.run(
        () -> {
          begun.countDown();
          while (closer.getState() != Thread.State.TIMED_WAITING
              && closer.getState() != Thread.State.TERMINATED) {
            Thread.onSpinWait();
          }
          return order.add("work");
        },
        done -> {});
    begun.await();
    thread.run(() -> order.add("what waited"), done -> {});
    closer.start();
    closer.join();
    assertThat(order).containsExactly("work", "closed");
  }

  @Test
  void whatCannotBeADirectorySaysWhy() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    assertThatThrownBy(() -> FileDisk.open(file))
        .isInstanceOf(IOException.class)
        .hasMessage("the data directory " + file + " cannot be used: " + file + ": it is a file");
    Path below = Path.of("/proc/paxoskv");
    assertThatThrownBy(() -> FileDisk.open(below))
        .hasMessageStartingWith("the data directory /proc/paxoskv cannot be used: ")
        .hasMessageContaining("no such file or directory");
  }

  private static boolean await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void whyWorkFailedIsSaidInWords() throws Exception {
    try (FileDisk disk = FileDisk.open(directory);
        JournalThread thread = new JournalThread("test", protocol::add, failures::add)) {
      thread.run(() -> disk.size("absent"), size -> {});
      protocol.take().run();
    }
    assertThat(failures.get(0))
        .hasMessage(directory.resolve("absent") + ": no such file or directory");
  }

  @Test
  void anErrorNamesTheFile() throws IOException {
    Disk disk = FileDisk.open(directory);
    assertThatThrownBy(() -> disk.size("absent")).hasMessageContaining("absent");
    ((FileDisk) disk).close();
  }
}
