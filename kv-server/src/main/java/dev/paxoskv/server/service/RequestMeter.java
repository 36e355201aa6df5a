package dev.paxoskv.server.service;

import dev.paxoskv.paxos.meter.Histogram;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.server.machine.Result;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Counts what clients asked for, and what became of it, and how long that took. Plain numbers of
 * the protocol thread: to count takes no lock, no memory, and a look at a clock that need not look
 * at the real one each time.
 */
public final class RequestMeter {

  /** What a client was told. */
  public enum Outcome {
    /** Done, whatever it found. */
    DONE,
    /** It had no effect: over a limit, a number used before, a condition that did not hold. */
    REFUSED,
    /** This server does not take it on at the moment. */
    RETRY_LATER
  }

  /** Kinds go by the number of their field. */
  private static final int KINDS = 1
      + Arrays.stream(OperationCase.values())
          .mapToInt(OperationCase::getNumber)
          .max()
          .orElse(0);

  private final LongSupplier nanos;
  private final EnumMap<Outcome, long[]> counts = new EnumMap<>(Outcome.class);
  private final Histogram[] durations = new Histogram[KINDS];
  private final Histogram batchCommands = new Histogram(0, 13);
  private final Histogram batchBytes = new Histogram(6, 20);

  /**
   * Makes one that has counted nothing.
   *
   * @param nanos the time, from wherever
   */
  public RequestMeter(LongSupplier nanos) {
    this.nanos = nanos;
    for (Outcome outcome : Outcome.values()) {
      counts.put(outcome, new long[KINDS]);
    }
    for (int kind = 0; kind < KINDS; kind++) {
      durations[kind] = Histogram.ofNanos();
    }
  }

  /** One for which time stands still. */
  static RequestMeter timeless() {
    return new RequestMeter(() -> 0);
  }

  /** When something that begins now begins, for {@link #completed}. */
  long now() {
    return nanos.getAsLong();
  }

  /** A command that was admitted at {@code since} has its result. */
  void completed(OperationCase kind, long since, Result result) {
    durations[kind.getNumber()].record(nanos.getAsLong() - since);
    count(kind, result instanceof Result.Refused ? Outcome.REFUSED : Outcome.DONE);
  }

  /** A command got an answer without being carried out. */
  void count(OperationCase kind, Outcome outcome) {
    of(outcome)[kind.getNumber()]++;
  }

  /** A batch leaves for an instance, or for the leader. */
  void batch(int commands, long bytes) {
    batchCommands.record(commands);
    batchBytes.record(bytes);
  }

  /** How many commands of a kind came to an outcome. Protocol thread only. */
  public long ended(OperationCase kind, Outcome outcome) {
    return of(outcome)[kind.getNumber()];
  }

  private long[] of(Outcome outcome) {
    return Objects.requireNonNull(counts.get(outcome));
  }

  /** How long commands of a kind took from being admitted to their result, in nanoseconds. */
  public Histogram durations(OperationCase kind) {
    return durations[kind.getNumber()];
  }

  /** How many commands were in the batches of this server's clients. */
  public Histogram batchCommands() {
    return batchCommands;
  }

  /** How large the commands of those batches were together, in bytes. */
  public Histogram batchBytes() {
    return batchBytes;
  }
}
