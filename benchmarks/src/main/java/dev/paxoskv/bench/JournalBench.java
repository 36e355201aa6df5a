package dev.paxoskv.bench;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.journal.SegmentedJournal;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.journal.file.JournalThread;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Records a second of the journal against a bare append of as many bytes to a file of zeros, each
 * batch synced. The two take turns, so that a slow moment of the disk meets both.
 *
 * <p>Arguments: bytes of a value (default 1024), seconds for each batch size (default 6).
 */
public final class JournalBench {
  private static final int FILE_BYTES = 64 << 20;
  private static final int TURN = 200;

  private final Path directory;
  private final int valueBytes;
  private final LinkedBlockingQueue<Runnable> protocol = new LinkedBlockingQueue<>();
  private long seq;
  private long durable;
  private long bareAt;
  private final AtomicLong syncs = new AtomicLong();

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
        JournalThread thread = new JournalThread("journal", protocol::add, this::failed)) {
      bare.create("bare", FILE_BYTES);
      bare.sync("bare");
      SegmentedJournal journal =
          new SegmentedJournal(counted(disk), thread, Recovery.open(disk, FILE_BYTES, 1));
      appendToJournal(journal, batch);
      appendBare(bare, batch);
      syncs.set(0);
      long inJournal = 0;
      long inBare = 0;
      long turns = 0;
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      while (System.nanoTime() < end) {
        long begin = System.nanoTime();
        appendToJournal(journal, batch);
        long middle = System.nanoTime();
        appendBare(bare, batch);
        inJournal += middle - begin;
        inBare += System.nanoTime() - middle;
        turns++;
      }
      double records = (double) turns * TURN * batch;
      System.out.println(String.format(
          Locale.ROOT,
          "batch %2d: journal %8.0f records/s, bare append %8.0f, ratio %.2f, syncs/record %.4f",
          batch,
          records * 1e9 / inJournal,
          records * 1e9 / inBare,
          (double) inBare / inJournal,
          syncs.get() / records));
    }
  }

  private void failed(Throwable why) {
    throw new IllegalStateException(why);
  }

  private void appendToJournal(SegmentedJournal journal, int batch) throws InterruptedException {
    Value value = Value.of(new byte[valueBytes]);
    for (int i = 0; i < TURN; i++) {
      long last = 0;
      for (int r = 0; r < batch; r++) {
        last = journal.append(new Voted(seq++, new Vote(new Ballot(1, 0, 1), value)));
      }
      journal.sync(position -> durable = position);
      while (durable < last) {
        protocol.take().run();
      }
    }
    journal.append(new DurableRecord.Floor(seq));
  }

  private void appendBare(FileDisk bare, int batch) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(batch * (valueBytes + 72));
    for (int i = 0; i < TURN; i++) {
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
            syncs.incrementAndGet();
          }
          return method.invoke(disk, arguments);
        });
  }
}
