package dev.paxoskv.bench;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Put;
import dev.paxoskv.server.machine.KvStateMachine;
import java.util.Locale;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One put of a batch of 64 that the store applies: parsing, the session's check and the map, with
 * keys of 16 bytes out of 10,000 and values of 64 bytes.
 */
@State(Scope.Thread)
public class ApplyBenchmark {
  private static final int BATCH = 64;
  private static final int KEYS = 10_000;
  private static final int BATCHES = 2000;

  private final Value[] batches = new Value[BATCHES];
  private long completed;
  private KvStateMachine machine = fresh();
  private int next;

  private KvStateMachine fresh() {
    return new KvStateMachine((session, number, result) -> completed++);
  }

  @Setup
  public void setUp() {
    ByteString value = ByteString.copyFrom(new byte[64]);
    for (int i = 0; i < BATCHES; i++) {
      Batch.Builder batch = Batch.newBuilder();
      for (int c = 0; c < BATCH; c++) {
        long number = (long) i * BATCH + c + 1;
        String key = String.format(Locale.ROOT, "key-%012d", number * 7919 % KEYS);
        batch.addCommands(Command.newBuilder()
            .setSessionHigh(1)
            .setSessionLow(2)
            .setNumber(number)
            .setAcknowledged(number - 1)
            .setPut(Put.newBuilder().setKey(ByteString.copyFromUtf8(key)).setValue(value)));
      }
      batches[i] = Value.of(batch.build().toByteArray());
    }
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public long apply() {
    if (next == BATCHES) {
      // A session's numbers only count up.
      next = 0;
      machine = fresh();
    }
    machine.apply(next, batches[next]);
    next++;
    return completed;
  }
}
