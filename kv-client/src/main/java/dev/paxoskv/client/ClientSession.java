package dev.paxoskv.client;

import dev.paxoskv.paxos.net.wire.MalformedFrameException;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.OpenSession;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.SessionOpened;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The session that new writes go into. A server is asked for one when there is a write to send, and
 * again when it has ended.
 */
final class ClientSession {
  private final Command question;
  private @Nullable SessionOpened current;
  private OptionalLong askedNanos = OptionalLong.empty();
  private boolean isPutOff;

  /** Makes one that is not open; {@code dice} must not repeat in any other client. */
  ClientSession(RandomGenerator dice) {
    question = Command.newBuilder()
        .setSessionHigh(dice.nextLong())
        .setSessionLow(dice.nextLong())
        .setOpenSession(OpenSession.getDefaultInstance())
        .build();
  }

  /** The session; null if none is open. */
  @Nullable
  SessionOpened current() {
    return current;
  }

  boolean mustBeAsked() {
    return current == null && askedNanos.isEmpty() && !isPutOff;
  }

  /** What to send; from here on it counts as sent. */
  Command ask(long nowNanos) {
    askedNanos = OptionalLong.of(nowNanos);
    return question;
  }

  /** When the question was sent that is not answered on the open connection. */
  OptionalLong askedNanos() {
    return askedNanos;
  }

  void disconnected() {
    askedNanos = OptionalLong.empty();
    isPutOff = false;
  }

  /** What was put off may be asked again. */
  void resume() {
    isPutOff = false;
  }

  /** {@code session} has ended; it need not be the one that is used now. */
  void ended(@Nullable SessionOpened session) {
    if (Objects.equals(session, current)) {
      current = null;
    }
  }

  /**
   * Takes in a reply to the question.
   *
   * @return whether it was waited for
   * @throws MalformedFrameException if it is no answer to it
   */
  boolean answer(Reply reply) {
    if (askedNanos.isEmpty()) {
      return false;
    }
    isPutOff = reply.hasRetryLater();
    if (reply.hasSessionOpened()) {
      current = reply.getSessionOpened();
    } else if (!reply.hasRetryLater() && !reply.hasRefused()) {
      throw new MalformedFrameException("an answer that does not fit the question");
    }
    askedNanos = OptionalLong.empty();
    return true;
  }
}
