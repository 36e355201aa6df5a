package dev.paxoskv.server.snapshot;

import static dev.paxoskv.server.machine.Commands.append;
import static dev.paxoskv.server.machine.Commands.batch;
import static dev.paxoskv.server.machine.Commands.get;
import static dev.paxoskv.server.machine.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.machine.StateWalk;
import dev.paxoskv.sim.disk.SimDisk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SnapshotStoreTest {
  private static final int SLICE = 100_000;

  private final SimDisk disk = new SimDisk();
  private final SnapshotStore store = new SnapshotStore(disk);
  private final List<Result> results = new ArrayList<>();

  private KvStateMachine machine() {
    return new KvStateMachine((session, number, result) -> results.add(result));
  }

  /** Returns whether there was room. */
  static boolean save(SnapshotStore store, StateWalk walk) throws IOException {
    boolean hasRoom = store.begin(walk.head());
    while (hasRoom && !walk.isOver()) {
      hasRoom = store.add(walk.next().toPart());
    }
    return store.end() && hasRoom;
  }

  private KvStateMachine busy(int instances) {
    KvStateMachine machine = machine();
    String large = "x".repeat(100_000);
    for (int seq = 0; seq < instances; seq++) {
      machine.apply(
          seq,
          batch(
              put(seq % 3, 2L * seq + 1, "k" + seq % 7, "v" + seq),
              append(seq % 3, 2L * seq + 2, "large" + seq % 5, large)));
    }
    return machine;
  }

  @Test
  void startsEmptyWithoutASnapshot() throws IOException {
    assertThat(store.load(this::machine).machine().applied()).isEqualTo(-1);
  }

  @Test
  void aMachineFromASnapshotGoesOnAsTheOneItWasTakenOf() throws IOException {
    KvStateMachine original = busy(30);
    save(store, original.walk(SLICE));
    KvStateMachine restored = store.load(this::machine).machine();

    assertThat(restored.applied()).isEqualTo(29);
    assertThat(restored.hash()).isEqualTo(original.hash());
    // The repeated append must find its session, or it is done twice and the hashes part.
    Value next = batch(append(2, 60, "large4", "again"), get(0, 99, "k3"), get(0, 100, "large4"));
    original.apply(30, next);
    restored.apply(30, next);
    assertThat(restored.hash()).isEqualTo(original.hash());
  }

  @Test
  void whatIsAppliedLaterIsNotInIt() throws IOException {
    KvStateMachine machine = busy(10);
    long hash = machine.hash();
    StateWalk saved = machine.walk(SLICE);
    machine.apply(10, batch(put(1, 100, "k1", "later"), append(2, 101, "large1", "later")));
    save(store, saved);
    assertThat(store.load(this::machine).machine().hash()).isEqualTo(hash);
    assertThat(saved.applied()).isEqualTo(9);
  }

  @Test
  void keepsTheNewestAndTheOneBefore() throws IOException {
    for (int instances = 1; instances <= 4; instances++) {
      save(store, busy(instances).walk(SLICE));
    }
    assertThat(disk.list())
        .containsExactly("snapshot-00000000000000000002", "snapshot-00000000000000000003");
  }

  @Test
  void everyDamageIsFoundAndTheOneBeforeIsTaken() throws IOException {
    save(store, busy(2).walk(SLICE));
    KvStateMachine small = machine();
    small.apply(0, batch(put(1, 1, "k", "v"), append(2, 1, "l", "w")));
    small.apply(1, batch(put(1, 2, "k", "v2")));
    small.apply(2, batch(get(1, 3, "k")));
    save(store, small.walk(SLICE));
    String newest = "snapshot-00000000000000000002";
    for (int bit = 0; bit < 8 * disk.size(newest); bit++) {
      disk.flip(newest, bit);
      assertThat(store.load(this::machine).machine().applied())
          .as("bit %d", bit)
          .isEqualTo(1);
      disk.flip(newest, bit);
    }
    assertThat(store.load(this::machine).machine().applied()).isEqualTo(2);
  }

  @Test
  void aCrashAtAnyMomentLeavesTheOldOrTheNew() throws IOException {
    long effects = 0;
    int points = 0;
    boolean isOver = false;
    while (!isOver) {
      SimDisk one = new SimDisk();
      SnapshotStore snapshots = new SnapshotStore(one);
      save(snapshots, busy(1).walk(SLICE));
      save(snapshots, busy(2).walk(SLICE));
      long before = one.effects();
      one.cutPowerBefore(before + effects++);
      try {
        save(snapshots, busy(3).walk(SLICE));
        isOver = true;
      } catch (SimDisk.PowerCut e) {
        points++;
      }
      one.crash(new SplittableRandom(effects));
      long applied = snapshots.load(this::machine).machine().applied();
      assertThat(applied).as("cut before effect %d", effects - 1).isBetween(isOver ? 2L : 1L, 2L);
      // And what is left of it is in nobody's way.
      save(snapshots, busy(4).walk(SLICE));
      assertThat(snapshots.load(this::machine).machine().applied()).isEqualTo(3);
    }
    System.out.println("crash points of a snapshot: " + points);
    assertThat(points).isGreaterThan(5);
  }

  @Test
  void onAFullDiskTheOldOneStays() throws IOException {
    save(store, busy(2).walk(SLICE));
    disk.capacity(SnapshotWriter.ROOM_LEFT_BYTES);
    assertThat(save(store, busy(3).walk(SLICE))).isFalse();
    assertThat(disk.list()).containsExactly("snapshot-00000000000000000001");
    assertThat(store.load(this::machine).machine().applied()).isEqualTo(1);
    disk.capacity(2 * SnapshotWriter.ROOM_LEFT_BYTES);
    assertThat(save(store, busy(3).walk(SLICE))).isTrue();
  }

  @Test
  void aDamagedSnapshotWithANewerNameGoesAndTheOneJustWrittenStays() throws IOException {
    save(store, busy(5).walk(SLICE));
    disk.flip("snapshot-00000000000000000004", 100);
    save(store, busy(2).walk(SLICE));
    assertThat(disk.list()).containsExactly("snapshot-00000000000000000001");
    save(store, busy(3).walk(SLICE));
    SnapshotStore.Loaded loaded = store.load(this::machine);
    assertThat(loaded.machine().applied()).isEqualTo(2);
    assertThat(loaded.before()).isEqualTo(1);
  }
}
