package dev.paxoskv.sim.lin;

import dev.paxoskv.sim.lin.Call.Kind;
import dev.paxoskv.sim.lin.Call.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes down a history while it happens. Its time counts events, so that no two are at one time.
 * Not thread-safe.
 */
public final class Recorder {
  private final List<Call> calls = new ArrayList<>();
  private long now;

  /** A client makes a call; a read brings no value. Returns the number to end it with. */
  public int invoked(String client, Kind kind, String key, Optional<String> value) {
    return invoked(client, kind, key, Optional.empty(), value);
  }

  /** A client makes a compare-and-set; returns the number to end it with. */
  public int invokedCas(String client, String key, Optional<String> expected, String value) {
    return invoked(client, Kind.CAS, key, expected, Optional.of(value));
  }

  private int invoked(
      String client, Kind kind, String key, Optional<String> expected, Optional<String> value) {
    calls.add(new Call(now++, Call.OPEN, client, kind, key, expected, value, Outcome.UNKNOWN));
    return calls.size() - 1;
  }

  /** A write has come back. */
  public void returned(int number, Outcome outcome) {
    Call call = calls.get(number);
    returned(number, call.value(), outcome);
  }

  /** A read has come back and found {@code value}, or nothing. */
  public void found(int number, Optional<String> value) {
    returned(number, value, Outcome.APPLIED);
  }

  /** All calls so far; those without a return are open. */
  public History history() {
    return new History(calls);
  }

  private void returned(int number, Optional<String> value, Outcome outcome) {
    Call call = calls.get(number);
    calls.set(
        number,
        new Call(
            call.invoked(),
            now++,
            call.client(),
            call.kind(),
            call.key(),
            call.expected(),
            value,
            outcome));
  }
}
