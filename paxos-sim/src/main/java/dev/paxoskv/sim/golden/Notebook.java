package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.host.StateMachine.Snapshots;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Value;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The plainest state: all values applied, in order. Never done with any; what a snapshot covers
 * need not be kept all the same.
 */
final class Notebook implements StateMachine, Snapshots {
  private String text = "";
  private long applied = -1;
  private String snapshot = "";
  private long covered = -1;
  private String received = "";
  private long installed = -1;

  @Override
  public void apply(long seq, Value value) {
    text = text.isEmpty() ? value.toString() : text + " " + value;
    applied = seq;
  }

  /** Takes a snapshot, which is durable at once. */
  void save() {
    snapshot = text;
    covered = applied;
  }

  @Override
  public long applied() {
    return applied;
  }

  @Override
  public long done() {
    return -1;
  }

  @Override
  public long covered() {
    return covered;
  }

  @Override
  public Optional<Snapshots> snapshots() {
    return Optional.of(this);
  }

  @Override
  public void read(Pull pull, Consumer<Piece> then) {
    byte[] all = Value.of(snapshot).bytes();
    boolean isThere = covered >= 0 && (pull.index() < 0 || pull.index() == covered);
    if (!isThere) {
      then.accept(Piece.NONE);
      return;
    }
    int from = (int) pull.offset();
    int to = Math.min(all.length, from + pull.bytesMax());
    Value bytes = Value.of(Arrays.copyOfRange(all, from, to));
    then.accept(new Piece(covered, 0, all.length, from, bytes, bytes.checksum()));
  }

  @Override
  public void write(Piece piece, Consumer<Boolean> then) {
    received = (piece.offset() == 0 ? "" : received) + Text.utf8(piece.bytes());
    then.accept(true);
  }

  @Override
  public void install(Piece last, Consumer<Boolean> then) {
    installed = last.index();
    then.accept(true);
  }

  @Override
  public void adopt() {
    text = received;
    applied = installed;
    save();
  }

  @Override
  public String toString() {
    return text.isEmpty() ? "nothing" : text;
  }
}
