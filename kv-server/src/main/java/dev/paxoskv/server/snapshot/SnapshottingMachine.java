package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.history.Spilled;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Slice;
import dev.paxoskv.server.machine.StateWalk;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * The store on a disk: after every so many bytes of log it has its state saved, slice by slice
 * while it changes further, and it is done with an instance when two durable snapshots cover it, or
 * one while the disk has no room for more of the log. Protocol thread only.
 */
public final class SnapshottingMachine implements StateMachine {

  /**
   * Port to whatever saves: elsewhere, one call after the other, and without keeping the caller
   * waiting.
   */
  public interface Saver {
    /** Size of the newest snapshot, 0 if there is none. */
    default long newestBytes() {
      return 0;
    }

    /** Begins a snapshot. */
    void begin(SnapshotHead head, Outcome outcome);

    /** Adds a slice to it. */
    void add(Slice slice, Outcome outcome);

    /** It is whole, and is to be made durable. */
    void end(Outcome outcome);
  }

  /** How one call to a saver went. */
  public interface Outcome {
    /** Said on the protocol thread: it is done, or there was no room, for any of the rest too. */
    void done(boolean hadRoom);
  }

  /**
   * When and how to save.
   *
   * @param everyBytes how many bytes of applied values lie between two snapshots, at least; more if
   *     the snapshots are larger than that, so that saving takes no more of the disk than the log
   * @param sliceBytes of a slice; a few are in memory, on their way to the disk
   */
  public record Pace(long everyBytes, int sliceBytes) {}

  /** For so long a snapshot is put off for which there was no room. */
  private static final int PUT_OFF_TICKS = 300;

  /** Most slices under way to the saver. */
  private static final int SLICES_MAX = 4;

  /**
   * Somebody waits for a durable snapshot.
   *
   * @param applied it is to cover everything up to there
   * @param then gets its last instance, or -1 if there was no room
   */
  private record Wish(long applied, LongConsumer then) {}

  /** How far the present walk is. */
  private static final class Progress {
    /** Bytes of log that it covers. */
    final long covered;

    /** Slices, or what comes before the first, that the saver has not taken yet. */
    int slices = 1;

    boolean isEnding;

    Progress(long covered) {
      this.covered = covered;
    }
  }

  private final KvStateMachine machine;
  private final Saver saver;
  private Optional<Wish> wish = Optional.empty();
  private final Pace pace;
  private Optional<StateWalk> walk = Optional.empty();
  private Progress progress = new Progress(0);
  private long bytes;
  private long newest;
  private long before;
  private int putOffTicks;
  private boolean isPressed;

  /** Goes on from what was loaded. */
  public SnapshottingMachine(SnapshotStore.Loaded loaded, Saver saver, Pace pace) {
    this.machine = loaded.machine();
    this.saver = saver;
    this.pace = pace;
    this.newest = machine.applied();
    this.before = loaded.before();
  }

  @Override
  public void apply(long seq, Value value) {
    machine.apply(seq, value);
    bytes += value.size() + Spilled.OVERHEAD_BYTES;
    saveIfDue();
  }

  /**
   * One unit of time has passed.
   *
   * @param hasRoom whether the disk has room for more of the log
   */
  public void tick(boolean hasRoom) {
    isPressed = !hasRoom;
    if (putOffTicks > 0) {
      // Not left to the next apply: with a long log there is none before it is cut.
      putOffTicks--;
      saveIfDue();
    }
  }

  /**
   * Wants a durable snapshot that covers everything applied so far. Whoever wanted one before and
   * has not heard of it will not.
   *
   * @param then gets the last instance that it covers; -1 if there is no room for one
   */
  void save(LongConsumer then) {
    wish = Optional.of(new Wish(machine.applied(), then));
    grant(putOffTicks == 0);
    saveIfDue();
  }

  /** Nothing is saved by this any more. */
  void giveUp() {
    Optional<Wish> given = wish;
    wish = Optional.empty();
    given.ifPresent(each -> each.then.accept(-1));
  }

  private void grant(boolean hadRoom) {
    if (!hadRoom) {
      giveUp();
    } else if (wish.isPresent() && wish.get().applied <= newest) {
      Wish granted = wish.get();
      wish = Optional.empty();
      granted.then.accept(newest);
    }
  }

  private void saveIfDue() {
    long every = Math.max(pace.everyBytes, saver.newestBytes());
    boolean isDue = bytes >= every || wish.isPresent();
    if (!isDue || walk.isPresent() || putOffTicks > 0) {
      return;
    }
    progress = new Progress(bytes);
    StateWalk begun = machine.walk(pace.sliceBytes);
    walk = Optional.of(begun);
    saver.begin(begun.head(), hadRoom -> taken(begun, hadRoom));
  }

  /** The saver has taken something of {@code of}. */
  private void taken(StateWalk of, boolean hadRoom) {
    if (walk.isEmpty() || walk.get() != of) {
      return;
    }
    if (!hadRoom) {
      of.abandon();
      walk = Optional.empty();
      putOffTicks = PUT_OFF_TICKS;
      giveUp();
      return;
    }
    progress.slices--;
    while (progress.slices < SLICES_MAX && !of.isOver()) {
      progress.slices++;
      saver.add(of.next(), room -> taken(of, room));
    }
    if (progress.slices == 0 && !progress.isEnding) {
      progress.isEnding = true;
      saver.end(room -> ended(of, room));
    }
  }

  private void ended(StateWalk of, boolean hadRoom) {
    walk = Optional.empty();
    if (hadRoom) {
      bytes -= progress.covered;
      before = newest;
      newest = of.applied();
    } else {
      putOffTicks = PUT_OFF_TICKS;
    }
    grant(hadRoom);
    if (wish.isPresent()) {
      // The walk had begun before what is wished for was applied.
      saveIfDue();
    }
  }

  @Override
  public long applied() {
    return machine.applied();
  }

  /** Up to where the newest durable snapshot goes, -1 if there is none. */
  long newest() {
    return newest;
  }

  /**
   * What the snapshot before the newest covers: should the newest rot, the log goes on there. On a
   * full disk room matters more: without it nothing is applied, and so no snapshot would follow.
   */
  @Override
  public long done() {
    return isPressed ? newest : before;
  }
}
