package dev.paxoskv.paxos.protocol;

import java.util.Optional;

/**
 * What the local peer knows about one instance.
 *
 * @param fate whether it is decided
 * @param value the decided value; present exactly if {@code fate} is {@link Fate#DECIDED}, but for
 *     {@link #SPILLED}, which no application is told
 */
public record Status(Fate fate, Optional<Value> value) {

  /** The three answers of the seed's {@code Status(seq)}. */
  public enum Fate {
    /** Agreement was reached and this peer has learnt the value. */
    DECIDED,
    /** This peer has not learnt a decision (there may be one elsewhere). */
    PENDING,
    /** Every peer was done with this instance, so it was forgotten. */
    FORGOTTEN
  }

  public static final Status PENDING = new Status(Fate.PENDING, Optional.empty());
  public static final Status FORGOTTEN = new Status(Fate.FORGOTTEN, Optional.empty());

  /** Decided, with a value that has to be read from the disk. */
  public static final Status SPILLED = new Status(Fate.DECIDED, Optional.empty());

  public static Status decided(Value value) {
    return new Status(Fate.DECIDED, Optional.of(value));
  }

  public boolean isDecided() {
    return fate == Fate.DECIDED;
  }
}
