package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import java.util.List;

/**
 * One message on its way.
 *
 * @param from who sent it
 * @param to who shall get it
 * @param envelope the message, as it came out of the codec
 */
public record Packet(int from, int to, Envelope envelope) {

  /** Whether it goes back on the connection of a request, so that a deaf peer gets it too. */
  public boolean isAnswer() {
    return envelope.message() instanceof Message.Answer;
  }

  /** Two peers and an arrow. */
  public String way() {
    return from + "->" + to;
  }

  /** The message's name in small letters. */
  public String kind() {
    return Text.kind(envelope.message());
  }

  /** What picks this message, and no other, of those that are on their way. */
  public String wordsAmong(List<Packet> inFlight) {
    return Selector.of(this, inFlight);
  }

  @Override
  public String toString() {
    return Text.line(way(), kind(), Text.detail(envelope));
  }
}
