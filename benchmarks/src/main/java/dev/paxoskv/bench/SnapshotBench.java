package dev.paxoskv.bench;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.journal.file.JournalThread;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Slice;
import dev.paxoskv.server.snapshot.SnapshotSaver;
import dev.paxoskv.server.snapshot.SnapshotStore;
import dev.paxoskv.server.snapshot.SnapshottingMachine;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * What a snapshot of a large state keeps the protocol thread from, while writes go on, and how long
 * a server needs to start from it. One thread plays the protocol thread: it applies batches of 64
 * puts one after the other, and does what the snapshot wants of it in between.
 *
 * <p>Arguments: MiB of values (default 1024), bytes of a value (default 1024), snapshots (default
 * 3). The heap must have room for twice the state.
 */
public final class SnapshotBench {
  private static final int BATCH = 64;
  private static final int SLICE_BYTES = 1 << 20;
  private static final double NANOS_PER_MILLI = 1e6;

  private final LinkedBlockingQueue<Runnable> news = new LinkedBlockingQueue<>();
  private final SplittableRandom dice = new SplittableRandom(1);
  private final Histogram walking = new Histogram(3);
  private final Histogram applying = new Histogram(3);
  private final ByteString value;
  private final int keys;
  private long number;
  private long applied;
  private int saved;

  private SnapshotBench(int keys, int valueBytes) {
    this.keys = keys;
    this.value = ByteString.copyFrom(new byte[valueBytes]);
  }

  public static void main(String[] args) throws IOException {
    long bytes = (args.length > 0 ? Long.parseLong(args[0]) : 1024) << 20;
    int valueBytes = args.length > 1 ? Integer.parseInt(args[1]) : 1024;
    int snapshots = args.length > 2 ? Integer.parseInt(args[2]) : 3;
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "snapshot-bench");
    try {
      int keys = Math.toIntExact(bytes / valueBytes);
      new SnapshotBench(keys, valueBytes).measure(directory, snapshots);
      restart(directory, bytes);
    } finally {
      try (Stream<Path> files = Files.walk(directory)) {
        files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
      }
    }
  }

  private void measure(Path directory, int snapshots) throws IOException {
    try (FileDisk disk = FileDisk.open(directory);
        JournalThread thread = new JournalThread("snapshot", news::add, SnapshotBench::failed)) {
      KvStateMachine state = new KvStateMachine((session, number, result) -> {});
      fill(state);
      // A snapshot is always due: the next one begins with the batch after the end of the last.
      SnapshottingMachine machine = new SnapshottingMachine(
          new SnapshotStore.Loaded(state, -1),
          new Counting(new SnapshotSaver(new SnapshotStore(disk), thread)),
          new SnapshottingMachine.Pace(1, SLICE_BYTES));
      long began = System.nanoTime();
      long collectedBefore = collectedMillis();
      long batches = 0;
      while (saved < snapshots) {
        Value batch = batch();
        long start = System.nanoTime();
        machine.apply(applied++, batch);
        applying.recordValue(System.nanoTime() - start);
        batches++;
        for (Runnable next = news.poll(); next != null; next = news.poll()) {
          long from = System.nanoTime();
          next.run();
          walking.recordValue(System.nanoTime() - from);
        }
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.println(String.format(
          Locale.ROOT,
          "%d snapshots of %d keys in %.1f s, %.0f puts/s meanwhile; collector %d ms in all",
          snapshots,
          keys,
          seconds,
          batches * BATCH / seconds,
          collectedMillis() - collectedBefore));
      print("pause for a snapshot on the protocol thread", walking);
      print("a batch of 64 puts applied meanwhile", applying);
    }
  }

  /** Counts snapshots that are durable. */
  private final class Counting implements SnapshottingMachine.Saver {
    private final SnapshottingMachine.Saver saver;

    Counting(SnapshottingMachine.Saver saver) {
      this.saver = saver;
    }

    @Override
    public void begin(SnapshotHead head, SnapshottingMachine.Outcome outcome) {
      saver.begin(head, outcome);
    }

    @Override
    public void add(Slice slice, SnapshottingMachine.Outcome outcome) {
      saver.add(slice, outcome);
    }

    @Override
    public void end(SnapshottingMachine.Outcome outcome) {
      saver.end(hadRoom -> {
        if (!hadRoom) {
          throw new IllegalStateException("no room for a snapshot");
        }
        saved++;
        outcome.done(true);
      });
    }
  }

  private static void restart(Path directory, long bytes) throws IOException {
    try (FileDisk disk = FileDisk.open(directory)) {
      long began = System.nanoTime();
      SnapshotStore.Loaded loaded =
          new SnapshotStore(disk).load(() -> new KvStateMachine((session, number, result) -> {}));
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.println(String.format(
          Locale.ROOT,
          "start from a snapshot up to instance %d, and a check of the one before: %.1f s, %.0f"
              + " MiB/s of values",
          loaded.machine().applied(),
          seconds,
          (bytes >> 20) / seconds));
    }
  }

  private void fill(KvStateMachine state) {
    for (int key = 0; key < keys; key += BATCH) {
      Batch.Builder batch = Batch.newBuilder();
      for (int i = key; i < Math.min(keys, key + BATCH); i++) {
        add(batch, i);
      }
      state.apply(applied++, Value.of(batch.build().toByteArray()));
    }
  }

  private Value batch() {
    Batch.Builder batch = Batch.newBuilder();
    for (int i = 0; i < BATCH; i++) {
      add(batch, dice.nextInt(keys));
    }
    return Value.of(batch.build().toByteArray());
  }

  private void add(Batch.Builder batch, int key) {
    number++;
    batch
        .addCommandsBuilder()
        .setSessionLow(1)
        .setNumber(number)
        .setAcknowledged(number - 1)
        .getPutBuilder()
        .setKey(ByteString.copyFromUtf8(String.format(Locale.ROOT, "key-%012d", key)))
        .setValue(value);
  }

  private static void print(String what, Histogram nanos) {
    System.out.println(String.format(
        Locale.ROOT,
        "%s: p50 %.3f ms, p99 %.3f ms, p99.9 %.3f ms, most %.3f ms, of %d",
        what,
        nanos.getValueAtPercentile(50) / NANOS_PER_MILLI,
        nanos.getValueAtPercentile(99) / NANOS_PER_MILLI,
        nanos.getValueAtPercentile(99.9) / NANOS_PER_MILLI,
        nanos.getMaxValue() / NANOS_PER_MILLI,
        nanos.getTotalCount()));
  }

  private static long collectedMillis() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
        .sum();
  }

  private static void failed(Throwable why) {
    throw new IllegalStateException(why);
  }
}
