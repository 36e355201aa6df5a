package dev.paxoskv.client;

import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.SessionOpened;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the session, from submission to its one outcome. It keeps count of its
 * exposures: how often it was handed to a server that has not yet taken it back by saying that it
 * did not propose it. While that is zero, the operation cannot take effect.
 */
final class Operation {
  /** Told once. */
  interface Outcome {
    void succeeded(Reply reply);

    void failed(KvException why);
  }

  private final Command request;
  private final long deadlineNanos;
  private final Outcome outcome;
  private long number;
  private long sentNanos;
  private int exposures;

  /** In which it was sent; null if it was not, or each server took it back. */
  private @Nullable SessionOpened session;

  /**
   * @param request only its operation is set
   * @param deadlineNanos on the client's clock
   */
  Operation(Command request, long deadlineNanos, Outcome outcome) {
    this.request = request;
    this.deadlineNanos = deadlineNanos;
    this.outcome = outcome;
  }

  boolean isRead() {
    return request.hasGet() || request.hasScan();
  }

  boolean isAnsweredBy(Reply reply) {
    return Requests.isAnswer(request, reply);
  }

  long number() {
    return number;
  }

  void number(long assigned) {
    number = assigned;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  long sentNanos() {
    return sentNanos;
  }

  /**
   * Whether to hand it to a server now could only harm: it has certainly had no effect so far, and
   * the answer would hardly come in time, so that nobody could tell any more.
   */
  boolean isTooLate(long nowNanos, long lateNanos) {
    return !isRead() && exposures == 0 && deadlineNanos - nowNanos < lateNanos;
  }

  /** The session that it was sent in and must be sent in again; {@code next} if there is none. */
  @Nullable
  SessionOpened sessionOr(@Nullable SessionOpened next) {
    return session == null ? next : session;
  }

  /** From the moment it is written to an open connection a server may propose it. */
  void exposed(long nowNanos, @Nullable SessionOpened in) {
    exposures++;
    sentNanos = nowNanos;
    session = in;
  }

  void takenBack() {
    exposures--;
    if (exposures == 0) {
      session = null;
    }
  }

  /** Whether some server was given it and has not taken it back. */
  boolean isExposed() {
    return exposures > 0;
  }

  /** A read needs no session. */
  Command command(long acknowledged) {
    Command.Builder command = request.toBuilder().setNumber(number);
    SessionOpened own = session;
    if (!isRead() && own != null) {
      command.setSessionHigh(own.getHigh()).setSessionLow(own.getLow());
      command.setAcknowledged(acknowledged);
    }
    return command.build();
  }

  void succeed(Reply reply) {
    outcome.succeeded(reply);
  }

  /**
   * A server refused it, at its door or when it applied it; it no longer has that exposure.
   *
   * @param isFinal whether no other copy of it can have an effect either
   */
  void refused(String reason, boolean isFinal) {
    if (isRead() || isFinal || exposures == 0) {
      outcome.failed(new NotAppliedException("refused: " + reason));
      return;
    }
    // A refusal at one server's door says nothing about an earlier try that another one may have
    // proposed already.
    outcome.failed(new OutcomeUnknownException(
        "a server refused it (" + reason + "), but one that was given it before has not answered;"
            + " read the key to learn whether it took effect"));
  }

  /** Its session has ended, and with it all memory of whether an earlier try was applied. */
  void forgotten() {
    outcome.failed(new OutcomeUnknownException(
        "the session has ended, and a server that was given it before has not answered; read the"
            + " key to learn whether it took effect"));
  }

  /** No more tries, because of {@code why}. */
  void giveUp(String why) {
    if (isRead()) {
      outcome.failed(new NotAppliedException(
          "unavailable: " + why + "; see that a majority of the servers runs, then try again"));
    } else if (exposures == 0) {
      outcome.failed(new NotAppliedException(
          why + ", and no server took it on; see that the servers run, then try again"));
    } else {
      outcome.failed(new OutcomeUnknownException(
          why + ", but a server was given it; read the key to learn whether it took effect"));
    }
  }
}
