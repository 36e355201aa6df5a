package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Value;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Port to what survives a crash. Positions count up by one from 1. Must not block. */
public interface Journal {

  /**
   * What was read from the log.
   *
   * @param values by instance
   * @param lost instances whose value should be there and is not: the medium has lost it
   */
  record Found(NavigableMap<Long, Value> values, List<Long> lost) {}

  /** Adds a record and returns its position. It need not be durable yet. */
  long append(DurableRecord record);

  /**
   * Keeps a record that nobody waits for: it has no position, asks for no sync of its own, and may
   * be lost in a crash. It becomes durable no later than what is appended after it.
   */
  default void keep(DurableRecord record) {}

  /**
   * Makes everything appended so far durable, then reports the highest durable position, on the
   * protocol thread: at once, or later when the disk is done. Several calls may be answered by one
   * report.
   */
  void sync(LongConsumer durable);

  /**
   * Whether there is room for what is to come. While there is not, new work is to go elsewhere;
   * what is left serves to end what has begun.
   */
  default boolean hasRoom() {
    return true;
  }

  /**
   * Lets go of the value of a decided instance in memory, to be read from the log when it is asked
   * for. Returns whether it did: not if the log does not have it, or not durably yet.
   */
  default boolean spill(long seq) {
    return false;
  }

  /**
   * Reads values of spilled instances of {@code first} to {@code last}, both included, from the
   * lowest on and up to a limit in size, and hands them over later, on the protocol thread. May
   * leave any of them out for the moment, even all.
   */
  default void read(long first, long last, Consumer<Found> then) {
    throw new IllegalStateException("nothing is spilled, so there is nothing to read");
  }

  /**
   * Whether there is room for another promise or vote. While there is not, the peer gives none, as
   * if it were down: what room is left serves to make room.
   */
  default boolean hasRoomForVotes() {
    return true;
  }

  /**
   * How far this journal is durable, counted over all lives of its directory, so that it never
   * falls; 0 if it survives nothing. The others are told, and whoever comes back with less than it
   * told has lost something.
   */
  default long durableTo() {
    return 0;
  }
}
