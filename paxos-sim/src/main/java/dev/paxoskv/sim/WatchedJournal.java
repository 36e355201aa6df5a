package dev.paxoskv.sim;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.sim.check.Witness;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Tells the witness of each record once it is durable, and before its peer may act on that. */
final class WatchedJournal implements Journal {
  private record Appended(long position, DurableRecord record) {}

  private final int peer;
  private final Journal journal;
  private final Witness witness;
  private final ArrayDeque<Appended> waiting = new ArrayDeque<>();

  WatchedJournal(int peer, Journal journal, Witness witness) {
    this.peer = peer;
    this.journal = journal;
    this.witness = witness;
  }

  @Override
  public long append(DurableRecord record) {
    long position = journal.append(record);
    waiting.add(new Appended(position, record));
    return position;
  }

  @Override
  public void keep(DurableRecord record) {
    journal.keep(record);
  }

  @Override
  public void sync(LongConsumer durable) {
    journal.sync(position -> {
      while (!waiting.isEmpty() && waiting.getFirst().position() <= position) {
        witness.recorded(peer, waiting.removeFirst().record());
      }
      durable.accept(position);
    });
  }

  @Override
  public boolean hasRoom() {
    return journal.hasRoom();
  }

  @Override
  public boolean spill(long seq) {
    return journal.spill(seq);
  }

  @Override
  public void read(long first, long last, Consumer<Found> then) {
    journal.read(first, last, then);
  }

  @Override
  public boolean hasRoomForVotes() {
    return journal.hasRoomForVotes();
  }

  @Override
  public long durableTo() {
    return journal.durableTo();
  }
}
