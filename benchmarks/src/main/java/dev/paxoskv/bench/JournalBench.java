package dev.paxoskv.bench;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.journal.SegmentedJournal;
import dev.paxoskv.paxos.journal.SegmentedJournal.Reading;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.journal.file.JournalThread;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Records a second of the journal beside a bare append of as many bytes to a file of zeros, each
 * batch written at once and synced. Three sides take short turns, so that a slow moment of the disk
 * meets all of them, and each side's median turn counts.
 *
 * <p>The journal does it twice. <i>Waiting</i>: a batch is appended once the one before is durable,
 * so nothing of its work is hidden. <i>Gathering</i>: the next batch is appended while one is
 * synced, as a peer under load does it; batch by batch it is the same as what the bare side writes.
 * CPU time is that of all threads at work, kernel included.
 *
 * <p>Arguments: bytes of a value (default 1024), seconds for each batch size (default 6). To be run
 * with {@code -Xms512m -Xmn256m -XX:+AlwaysPreTouch}: the journal allocates and a bare append does
 * not, so that the first touch of each page of the heap would be counted against the journal.
 */
public final class JournalBench {
  private static final int FILE_BYTES = 64 << 20;
  private static final int BATCHES_OF_A_TURN = 25;
  private static final int WARM_UP_BATCHES = 6000;
  private static final int HEADER_BYTES = 72;
  private static final String JOURNAL = "journal";

  private final Path directory;
  private final int valueBytes;
  private final LinkedBlockingQueue<Runnable> protocol = new LinkedBlockingQueue<>();
  private long seq;
  private long durable;
  private long bareAt;
  private final AtomicLong synced = new AtomicLong();

  private JournalBench(Path directory, int valueBytes) {
    this.directory = directory;
    this.valueBytes = valueBytes;
  }

  /** Runs batches of 1, 8 and 64. */
  public static void main(String[] args) throws Exception {
    int bytes = args.length > 0 ? Integer.parseInt(args[0]) : 1024;
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 6;
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "journal-bench");
    try {
      for (int batch : new int[] {1, 8, 64}) {
        Path own = Files.createDirectory(directory.resolve("batch-" + batch));
        new JournalBench(own, bytes).measure(batch, seconds);
      }
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
      }
    }
  }

  private void measure(int batch, int seconds) throws Exception {
    try (FileDisk disk = FileDisk.open(Files.createDirectory(directory.resolve("log")));
        FileDisk bare = FileDisk.open(Files.createDirectory(directory.resolve("bare")));
        JournalThread thread = new JournalThread(JOURNAL, protocol::add, this::failed)) {
      bare.create("bare", FILE_BYTES);
      bare.sync("bare");
      SegmentedJournal journal = new SegmentedJournal(
          counted(disk), thread, Recovery.open(disk, FILE_BYTES, 1), new Reading(disk, thread));
      // Until the spare files are there, which go round from then on, and the compiler is done: it
      // would take one of two cores from both sides, but the journal has two threads.
      appendToJournal(journal, batch, batch, WARM_UP_BATCHES);
      journal.append(new DurableRecord.Floor(seq));
      appendBare(bare, batch, WARM_UP_BATCHES);
      Side waiting = new Side("journal, waiting");
      Side gathering = new Side("journal, gathering");
      Side appending = new Side("bare append");
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      while (System.nanoTime() < end) {
        appending.begin();
        appendBare(bare, batch, BATCHES_OF_A_TURN);
        appending.end();
        waiting.begin();
        appendToJournal(journal, batch, 0, BATCHES_OF_A_TURN);
        waiting.end();
        gathering.begin();
        appendToJournal(journal, batch, batch, BATCHES_OF_A_TURN);
        gathering.end();
        // Often, so that little is copied out of old segments: that is upkeep, not appending.
        journal.append(new DurableRecord.Floor(seq));
      }
      List.of(appending, waiting, gathering).forEach(side -> print(batch, side, appending));
    }
  }

  private static void print(int batch, Side side, Side bare) {
    double records = (double) BATCHES_OF_A_TURN * batch;
    double all = records * side.turns.size();
    System.out.println(String.format(
        Locale.ROOT,
        "batch %2d, %-18s %8.0f records/s, ratio %.2f, CPU %6.2f us/record, syncs/record %.4f",
        batch,
        side.name,
        records * 1e9 / side.median(),
        bare.median() / side.median(),
        side.cpuNanos / all / 1e3,
        side.syncs / all));
  }

  /** What the turns of one side took. */
  private final class Side {
    final String name;
    final List<Long> turns = new ArrayList<>();
    long cpuNanos;
    long syncs;
    private long began;

    Side(String name) {
      this.name = name;
    }

    void begin() {
      cpuNanos -= cpu();
      syncs -= synced.get();
      began = System.nanoTime();
    }

    void end() {
      turns.add(System.nanoTime() - began);
      cpuNanos += cpu();
      syncs += synced.get();
    }

    double median() {
      long[] sorted = turns.stream().mapToLong(Long::longValue).sorted().toArray();
      return Arrays.stream(sorted).skip(sorted.length / 2).findFirst().orElse(0);
    }

    private static long cpu() {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      long sum = threads.getCurrentThreadCpuTime();
      for (ThreadInfo info : threads.getThreadInfo(threads.getAllThreadIds())) {
        boolean isJournal = info != null && info.getThreadName().equals(JOURNAL);
        sum += isJournal ? threads.getThreadCpuTime(info.getThreadId()) : 0;
      }
      return sum;
    }
  }

  private void failed(Throwable why) {
    throw new IllegalStateException(why);
  }

  /** With up to {@code ahead} records that are not durable when the next batch is appended. */
  private void appendToJournal(SegmentedJournal journal, int batch, int ahead, int batches)
      throws InterruptedException {
    Value value = Value.of(new byte[valueBytes]);
    long last = 0;
    for (int i = 0; i < batches; i++) {
      for (int r = 0; r < batch; r++) {
        last = journal.append(new Voted(seq++, new Vote(new Ballot(1, 0, 1), value)));
      }
      journal.sync(position -> durable = position);
      waitFor(last - ahead);
    }
    waitFor(last);
  }

  private void waitFor(long position) throws InterruptedException {
    while (durable < position) {
      protocol.take().run();
    }
  }

  private void appendBare(FileDisk bare, int batch, int batches) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(batch * (valueBytes + HEADER_BYTES));
    for (int i = 0; i < batches; i++) {
      if (bareAt + bytes.capacity() > FILE_BYTES) {
        bareAt = 0;
      }
      bare.write("bare", bareAt, bytes.clear());
      bare.sync("bare");
      bareAt += bytes.capacity();
    }
  }

  private Disk counted(FileDisk disk) {
    return (Disk) Proxy.newProxyInstance(
        Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
          if (method.getName().equals("sync")) {
            synced.incrementAndGet();
          }
          return method.invoke(disk, arguments);
        });
  }
}
