package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.host.StateMachine.Snapshots;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.server.machine.KvStateMachine;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * The state of a server on a disk, as it is now: it becomes another one when a snapshot that
 * another server gave is adopted. Protocol thread only.
 */
public final class LiveMachine implements StateMachine {
  private final Function<SnapshotStore.Loaded, SnapshottingMachine> maker;
  private final Snapshots transfers;
  private KvStateMachine machine;
  private SnapshottingMachine saving;

  /**
   * Begins with what was loaded.
   *
   * @param maker has the state saved from time to time
   * @param parts with which snapshots are given and taken; its adopter is set here
   */
  public LiveMachine(
      SnapshotStore.Loaded loaded,
      Function<SnapshotStore.Loaded, SnapshottingMachine> maker,
      SnapshotTransfers.Parts parts) {
    this.maker = maker;
    this.transfers = new SnapshotTransfers(parts, this::sound, this::become);
    this.machine = loaded.machine();
    this.saving = maker.apply(loaded);
  }

  /** A file that claims to be newer than the newest snapshot was found damaged. */
  private long sound() {
    return Math.min(machine.comparison().sound(), saving.newest());
  }

  /** What was being saved of the state before is dropped: the store knows of a newer snapshot. */
  private void become(SnapshotStore.Loaded loaded) {
    SnapshottingMachine dropped = saving;
    machine = loaded.machine();
    saving = maker.apply(loaded);
    machine.takeOver();
    dropped.giveUp();
  }

  /**
   * Wants a durable snapshot that covers everything applied so far; one wish at a time.
   *
   * @param then gets the last instance that it covers; -1 if none came of it
   */
  public void save(LongConsumer then) {
    saving.save(then);
  }

  /** The present state. */
  public KvStateMachine machine() {
    return machine;
  }

  /** See {@link SnapshottingMachine#tick}. */
  public void tick(boolean hasRoom) {
    saving.tick(hasRoom);
  }

  @Override
  public void apply(long seq, Value value) {
    saving.apply(seq, value);
  }

  @Override
  public long applied() {
    return saving.applied();
  }

  @Override
  public long done() {
    return saving.done();
  }

  /** Of what it is done with, a durable snapshot is the reason. */
  @Override
  public long covered() {
    return saving.done();
  }

  @Override
  public Optional<Snapshots> snapshots() {
    return Optional.of(transfers);
  }
}
