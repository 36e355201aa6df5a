package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import java.util.Locale;
import java.util.Optional;

/**
 * A fault planted on purpose between the roles and the world, to show that whoever checks can also
 * find something. The roles themselves stay as they are.
 */
public enum Plant {
  /** Nothing is wrong. */
  NONE,
  /** What an acceptor promises to others never tells what it has accepted. */
  PROMISES_HIDE_VOTES,
  /** An acceptor that refuses says yes all the same. */
  REFUSALS_SAY_YES,
  /** The journal calls durable what a crash would lose. */
  JOURNAL_LIES;

  /** As scripts call it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Plant of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** What leaves instead of {@code envelope}. */
  Envelope tamper(Envelope envelope) {
    Message message = envelope.message();
    if (this == PROMISES_HIDE_VOTES && message instanceof Promise promise) {
      message = new Promise(promise.seq(), promise.ballot(), Optional.empty());
    } else if (this == REFUSALS_SAY_YES && message instanceof Reject reject) {
      message = new Accepted(reject.seq(), reject.ballot());
    }
    return new Envelope(envelope.done(), 0, message, envelope.news());
  }
}
