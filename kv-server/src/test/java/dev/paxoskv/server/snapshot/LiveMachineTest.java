package dev.paxoskv.server.snapshot;

import static dev.paxoskv.server.machine.Commands.batch;
import static dev.paxoskv.server.machine.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.journal.JournalWorker;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.sim.disk.SimDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a server gives of the snapshots that it has. */
class LiveMachineTest {
  private final SimDisk disk = new SimDisk();

  /** Works at once. */
  private static final class AtOnce implements JournalWorker {
    @Override
    public <T> void run(Work<T> work, Consumer<T> then) {
      try {
        then.accept(work.perform());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean takeBack() {
      return false;
    }
  }

  private static KvStateMachine fresh() {
    return new KvStateMachine((session, number, result) -> {});
  }

  private LiveMachine started() throws IOException {
    SnapshotStore store = new SnapshotStore(disk);
    return new LiveMachine(
        store.load(LiveMachineTest::fresh),
        from -> new SnapshottingMachine(
            from,
            new SnapshotSaver(store, new AtOnce()),
            new SnapshottingMachine.Pace(Long.MAX_VALUE, 1000)),
        new SnapshotTransfers.Parts(
            store, new AtOnce(), disk, new AtOnce(), LiveMachineTest::fresh));
  }

  private static void apply(LiveMachine server, long from, long to) {
    for (long seq = from; seq <= to; seq++) {
      server.apply(seq, batch(put(1, seq + 1, "k" + seq, "v")));
    }
  }

  /** Up to where the snapshot goes that it gives; -1 if it gives none. */
  private static long given(LiveMachine server) {
    List<Piece> pieces = new ArrayList<>();
    server.snapshots().orElseThrow().read(new Pull(-1, 0, 0, 100), pieces::add);
    return pieces.get(0).isNone() ? -1 : pieces.get(0).index();
  }

  private void copy(String from, String to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) disk.size(from));
    disk.read(from, 0, bytes);
    disk.create(to, 0);
    disk.write(to, 0, bytes.flip());
  }

  @Test
  void aSnapshotThatWasFoundDamagedIsNotGiven() throws IOException {
    LiveMachine server = started();
    assertThat(given(server)).isEqualTo(-1);
    apply(server, 0, 9);
    server.save(applied -> {});
    assertThat(given(server)).isEqualTo(9);
    apply(server, 10, 19);
    server.save(applied -> {});
    assertThat(given(server)).isEqualTo(19);

    disk.flip(SnapshotStore.name(19), 8 * (int) disk.size(SnapshotStore.name(19)) - 100);
    LiveMachine again = started();
    assertThat(again.applied()).isEqualTo(9);
    assertThat(given(again)).isEqualTo(9);
    apply(again, 10, 19);
    again.save(applied -> {});
    assertThat(given(again)).isEqualTo(19);
  }

  @Test
  void aCopyBesideThemIsNone() throws IOException {
    LiveMachine server = started();
    apply(server, 0, 9);
    server.save(applied -> {});
    copy(SnapshotStore.name(9), SnapshotStore.name(9) + "~");
    copy(SnapshotStore.name(9), "snapshot-old");
    apply(server, 10, 19);
    server.save(applied -> {});
    assertThat(given(server)).isEqualTo(19);
    LiveMachine again = started();
    assertThat(again.applied()).isEqualTo(19);
    assertThat(again.done()).isEqualTo(9);
    assertThat(disk.list()).contains("snapshot-old", SnapshotStore.name(9) + "~");
  }
}
