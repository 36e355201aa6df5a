package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Value;
import java.util.List;

/**
 * What a role wants done. Effects are listed in the order in which they were made; an effect that
 * is {@code gated} waits until every record listed before it, in this step or an earlier one, is
 * durable.
 */
public sealed interface Effect {

  /** Whether it waits for the records listed before it. */
  default boolean gated() {
    return false;
  }

  /** Whoever sent the request being handled; opaque here, an open connection in production. */
  interface Connection {}

  /** Append to the journal. */
  record Persist(DurableRecord record) implements Effect {}

  /** Send a request on our own connection to {@code peer}. */
  record Send(int peer, Message.Request message, boolean gated) implements Effect {}

  /** Answer on the connection that asked. */
  record Reply(Connection to, Message.Answer message, boolean gated) implements Effect {}

  /** Answer on the connection that asked, with what the journal has of the range: all spilled. */
  record ReplyFromJournal(Connection to, Message.Fetch range) implements Effect {}

  /** What is about snapshots of the application's state. */
  sealed interface OfSnapshot extends Effect {}

  /** Answer on the connection that asked, with a piece of a snapshot of ours. */
  record ServePiece(Connection to, Talk.Pull pull) implements OfSnapshot {}

  /** Write a piece of the snapshot that we are given. */
  record WritePiece(Talk.Piece piece) implements OfSnapshot {}

  /** All pieces are written: check the whole, and make it durable. */
  record Install(Talk.Piece last) implements OfSnapshot {}

  /** The state becomes that of the snapshot which is installed; its mark is durable then. */
  record Adopt(long index) implements OfSnapshot {
    @Override
    public boolean gated() {
      return true;
    }
  }

  /**
   * Hand our own acceptor's answer to our own proposer; always gated: our vote may not count before
   * it is durable.
   */
  record ToSelf(Message.Answer message) implements Effect {
    @Override
    public boolean gated() {
      return true;
    }
  }

  /** Answer these reads, once everything up to {@code index} is applied. */
  record Read(long index, List<Runnable> answers) implements Effect {}

  /** This peer has learnt that {@code value} is decided in {@code seq}. */
  record Decide(long seq, Value value) implements Effect {}
}
