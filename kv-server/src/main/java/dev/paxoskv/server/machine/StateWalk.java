package dev.paxoskv.server.machine;

import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.table.Table;

/**
 * Goes through the state as it was when the walk began, in slices between which it goes on
 * changing. Protocol thread only; one at a time of a machine.
 */
public final class StateWalk {
  /** Most entries that one slice looks at: some tens of nanoseconds each. */
  private static final int ENTRIES_MAX = 4096;

  private final SnapshotHead head;
  private final Table.Walk entries;
  private final Sessions.Walk sessions;
  private final int sliceBytes;

  /**
   * Begins.
   *
   * @param sliceBytes when a slice ends; one value, or one session, may lead beyond it
   */
  StateWalk(SnapshotHead head, Table.Walk entries, Sessions.Walk sessions, int sliceBytes) {
    this.head = head;
    this.entries = entries;
    this.sessions = sessions;
    this.sliceBytes = sliceBytes;
  }

  /** What says of which instance the state is. */
  public SnapshotHead head() {
    return head;
  }

  /** The last instance that the state covers. */
  public long applied() {
    return head.getApplied();
  }

  /** Whether there is no more. */
  public boolean isOver() {
    return entries.isOver() && sessions.isOver();
  }

  /** Some more of the state; may be empty. */
  public Slice next() {
    Slice slice = new Slice();
    if (!entries.isOver()) {
      entries.next(ENTRIES_MAX, sliceBytes, slice::add);
      return slice;
    }
    int bytes = 0;
    while (!sessions.isOver() && bytes < sliceBytes) {
      bytes += sessions.next(slice::add);
    }
    return slice;
  }

  /** Nothing is kept for it any more. */
  public void abandon() {
    entries.abandon();
    sessions.abandon();
  }
}
