package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Consumer;

/**
 * Decided values that are not in memory any more: lets the journal take them over, and has them
 * read from it when somebody asks. Reading takes time, so the answer comes later; and it may bring
 * nothing, so whoever needs it asks again.
 */
final class History {
  /** So many readings for others at a time; who asks beyond that hears nothing, and asks again. */
  private static final int ANSWERS_MAX = 16;

  private final Replica replica;
  private final Journal journal;
  private final Transport transport;
  private int answers;

  History(Replica replica, Journal journal, Transport transport) {
    this.replica = replica;
    this.journal = journal;
    this.transport = transport;
  }

  /** Memory goes back to its limit. */
  void shrink() {
    replica.heap().shrink(journal::spill);
  }

  /** Another peer is told what the journal has. */
  void answer(Effect.ReplyFromJournal effect) {
    if (answers == ANSWERS_MAX) {
      return;
    }
    answers++;
    Fetch range = effect.range();
    read(range.first(), range.last(), values -> {
      answers--;
      List<Entry> entries = values.entrySet().stream()
          .map(each -> new Entry(each.getKey(), each.getValue()))
          .toList();
      if (!entries.isEmpty()) {
        transport.reply(effect.to(), replica.toReply(new Fetched(entries, replica.max())));
      }
    });
  }

  /** What this peer knows of {@code seq}, at once or later. */
  void status(long seq, Consumer<Status> then) {
    if (replica.heap().isSpilled(seq)) {
      // It may be lost, or be forgotten meanwhile: then that is what this peer knows.
      read(seq, seq, values -> {
        if (values.containsKey(seq)) {
          then.accept(Status.decided(values.get(seq)));
        } else {
          status(seq, then);
        }
      });
    } else {
      then.accept(replica.status(seq));
    }
  }

  /** Reads spilled values from {@code first} on; what cannot be read any more is not known here. */
  void read(long first, long last, Consumer<NavigableMap<Long, Value>> then) {
    journal.read(first, last, found -> {
      found.lost().forEach(replica.heap()::lose);
      then.accept(found.values());
    });
  }
}
