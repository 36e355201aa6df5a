package dev.paxoskv.bench;

import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.JournalWorker;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.journal.SegmentedJournal;
import dev.paxoskv.paxos.journal.SegmentedJournal.Reading;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One record of 64 that are synced together: what the journal itself costs, over a disk that does
 * nothing. With a real one, see {@link JournalBench}.
 */
@State(Scope.Thread)
public class JournalBenchmark {
  private static final int BATCH = 64;
  private static final int SEGMENT_BYTES = 64 << 20;

  /** How far the floor is behind. */
  private static final int KEPT = 1 << 12;

  @Param({"100", "1024"})
  private int valueBytes;

  private final Inline worker = new Inline();
  private final Disk nothing = (Disk) Proxy.newProxyInstance(
      Disk.class.getClassLoader(),
      new Class<?>[] {Disk.class},
      (proxy, method, arguments) -> switch (method.getName()) {
        case "list" -> List.of();
        case "free" -> Long.MAX_VALUE;
        default -> null;
      });
  private SegmentedJournal journal = open();
  private Value value = Value.of(new byte[0]);
  private long seq;
  private long durable;

  /** Does the work as soon as the journal has finished giving it. */
  private static final class Inline implements JournalWorker {
    private final ArrayDeque<Runnable> given = new ArrayDeque<>();

    @Override
    public <T> void run(Work<T> work, Consumer<T> then) {
      given.add(() -> {
        try {
          then.accept(work.perform());
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      });
    }

    @Override
    public boolean takeBack() {
      return false;
    }

    void all() {
      while (!given.isEmpty()) {
        given.remove().run();
      }
    }
  }

  private SegmentedJournal open() {
    try {
      return new SegmentedJournal(
          nothing, worker, Recovery.open(nothing, SEGMENT_BYTES, 1), new Reading(nothing, worker));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Setup
  public void setUp() {
    value = Value.of(new byte[valueBytes]);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long append() {
    for (int i = 0; i < BATCH; i++) {
      journal.append(new Voted(seq++, new Vote(new Ballot(1, 0, 1), value)));
    }
    journal.sync(position -> durable = position);
    worker.all();
    if (seq % KEPT == 0) {
      journal.append(new Floor(seq - KEPT));
    }
    return durable;
  }
}
