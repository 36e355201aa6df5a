package dev.paxoskv.server.backup;

import static dev.paxoskv.server.machine.Commands.batch;
import static dev.paxoskv.server.machine.Commands.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.journal.JournalWorker;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.proto.kv.Backup;
import dev.paxoskv.proto.kv.BackupPiece;
import dev.paxoskv.proto.kv.HashStatement;
import dev.paxoskv.server.Silence;
import dev.paxoskv.server.compare.StateComparison;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.KvStateMachine.SessionLimits;
import dev.paxoskv.server.snapshot.LiveMachine;
import dev.paxoskv.server.snapshot.SnapshotSaver;
import dev.paxoskv.server.snapshot.SnapshotStore;
import dev.paxoskv.server.snapshot.SnapshotTransfers;
import dev.paxoskv.server.snapshot.SnapshottingMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets a backup when, from a server of one, or of three that nobody answers. */
class BackupsTest {
  @TempDir
  private Path directory;

  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final StateComparison comparison = new StateComparison(0, new Quorum(3), 1);
  private final Client client = new Client();
  private final Client other = new Client();
  private Optional<FileDisk> disk = Optional.empty();
  private Optional<Host> host = Optional.empty();
  private Optional<Backups> made = Optional.empty();

  private static final class Client implements Backups.Asker {
    final List<BackupPiece> answers = new ArrayList<>();
    boolean isOpen = true;

    @Override
    public void tell(BackupPiece piece) {
      answers.add(piece);
    }

    @Override
    public boolean isOpen() {
      return isOpen;
    }

    BackupPiece last() {
      return answers.get(answers.size() - 1);
    }
  }

  /** Works when the test says so. */
  private final class Later implements JournalWorker {
    @Override
    public <T> void run(Work<T> task, Consumer<T> then) {
      work.add(() -> {
        try {
          then.accept(task.perform());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }

    @Override
    public boolean takeBack() {
      return false;
    }
  }

  @BeforeEach
  void open() throws IOException {
    make(1);
  }

  private void make(int servers) throws IOException {
    disk = Optional.of(FileDisk.open(directory.resolve("of" + servers)));
    FileDisk files = disk.get();
    SnapshotStore store = new SnapshotStore(files);
    LiveMachine machine = new LiveMachine(
        store.load(this::machine),
        from -> new SnapshottingMachine(
            from,
            new SnapshotSaver(store, new Later()),
            new SnapshottingMachine.Pace(Long.MAX_VALUE, 1 << 16)),
        new SnapshotTransfers.Parts(store, new Later(), files, new Later(), this::machine));
    host = Optional.of(new Host(
        new Replica(new ReplicaConfig(0, servers, 1, 0), new SplittableRandom(1)),
        new Silence(),
        new MemoryJournal(),
        Optional.of(machine),
        Observer.NONE));
    made = Optional.of(new Backups(
        host.get(),
        Optional.of(new Backups.Parts(machine, new Later(), files::forAnotherThread)),
        MadeBackup.CLUSTER,
        () -> {}));
  }

  private KvStateMachine machine() {
    return new KvStateMachine((session, number, result) -> {}, SessionLimits.STORE, comparison);
  }

  @AfterEach
  void close() throws IOException {
    disk.orElseThrow().close();
  }

  private Backups backups() {
    return made.orElseThrow();
  }

  private void write(int seq) {
    host.orElseThrow().start(seq, batch(put(1, seq + 1, "k" + seq, "x".repeat(1 << 17))));
    host.orElseThrow().flush();
  }

  private void ask(Client from, long offset) {
    backups().ask(Backup.newBuilder().setOffset(offset).build(), from);
    host.orElseThrow().flush();
  }

  private void work() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  private void tick(int count) {
    for (int i = 0; i < count; i++) {
      backups().tick();
    }
  }

  private byte[] rest(Client from) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(from.last().getBytes().toByteArray());
    while (bytes.size() < from.last().getSize()) {
      ask(from, bytes.size());
      tick(1);
      work();
      bytes.writeBytes(from.last().getBytes().toByteArray());
    }
    return bytes.toByteArray();
  }

  @Test
  void holdsWhatWasWrittenBefore() throws IOException {
    for (int seq = 0; seq < 9; seq++) {
      write(seq);
    }
    ask(client, 0);
    write(9);
    work();
    Path file = Files.write(directory.resolve("file"), rest(client));
    try (BackupFile backup = BackupFile.open(file)) {
      assertThat(backup.head().applied()).isEqualTo(8);
      assertThat(client.last().getApplied()).isEqualTo(8);
      assertThat(client.answers.size()).isGreaterThan(4);
    }
    // There is a snapshot of it, but it lacks the last write.
    client.isOpen = false;
    ask(other, 0);
    work();
    assertThat(other.last().getApplied()).isEqualTo(9);
    // And now none needs to be saved.
    other.isOpen = false;
    Client third = new Client();
    ask(third, 0);
    assertThat(work).hasSize(2);
    work();
    assertThat(third.last().getApplied()).isEqualTo(9);
  }

  @Test
  void oneWaitsForTheSnapshotThatIsBeingSavedAndThenForItsOwn() {
    write(0);
    ask(client, 0);
    client.isOpen = false;
    write(1);
    ask(other, 0);
    work();
    assertThat(client.answers).isEmpty();
    assertThat(other.last().getApplied()).isEqualTo(1);
  }

  @Test
  void onePieceAtATimeAndSoManyInATick() {
    for (int seq = 0; seq < 20; seq++) {
      write(seq);
    }
    ask(client, 0);
    work();
    for (int piece = 1; piece < Backups.PIECES_PER_TICK; piece++) {
      ask(client, (long) piece * BackupSource.PIECE_BYTES);
      work();
    }
    assertThat(client.answers).hasSize(Backups.PIECES_PER_TICK);
    ask(client, (long) Backups.PIECES_PER_TICK * BackupSource.PIECE_BYTES);
    work();
    assertThat(client.answers).hasSize(Backups.PIECES_PER_TICK);
    ask(client, BackupSource.PIECE_BYTES);
    assertThat(client.last().getFailed()).contains("no such piece");
    tick(1);
    work();
    assertThat(client.last().getOffset())
        .isEqualTo((long) Backups.PIECES_PER_TICK * BackupSource.PIECE_BYTES);
  }

  @Test
  void aStateThatIsPerhapsNotTheRightOneIsNotGiven() {
    write(0);
    write(1);
    ask(client, 0);
    comparison.stated(
        HashStatement.newBuilder().setServer(1).setLast(1).addHashes(1).build());
    work();
    assertThat(client.last().getFailed()).contains("more servers have to say what they have");
  }

  @Test
  void inDoubtNothingIsSavedButForAnOperatorWhoSaysSo() throws IOException {
    write(0);
    write(1);
    comparison.stated(
        HashStatement.newBuilder().setServer(1).setLast(1).addHashes(1).build());
    ask(client, 0);
    work();
    assertThat(client.last().getFailed()).contains("more servers have to say what they have");
    assertThat(new SnapshotStore(disk.orElseThrow()).describe()).isEmpty();
    made.orElseThrow().ask(Backup.newBuilder().setInDoubt(true).build(), other);
    host.orElseThrow().flush();
    work();
    assertThat(other.last().getFailed()).isEmpty();
    assertThat(other.last().getApplied()).isEqualTo(1);
  }

  @Test
  void oneClientAtATime() {
    write(0);
    ask(client, 0);
    ask(other, 0);
    assertThat(other.last().getFailed()).contains("gives a backup to somebody");
    work();
    ask(other, 1);
    assertThat(other.last().getFailed()).contains("no such piece");
    assertThat(client.last().getFailed()).isEmpty();
    ask(client, client.last().getSize());
    assertThat(client.last().getFailed()).contains("no such piece");
    client.isOpen = false;
    tick(1);
    ask(other, 0);
    work();
    assertThat(other.last().getApplied()).isZero();
  }

  @Test
  void whoeverIsSilentForTooLongIsForgotten() {
    write(0);
    ask(client, 0);
    work();
    tick(Backups.IDLE_TICKS - 1);
    assertThat(client.last().getFailed()).isEmpty();
    tick(1);
    assertThat(client.last().getFailed()).contains("begin again");
    ask(other, 0);
    work();
    assertThat(other.last().getFailed()).isEmpty();
  }

  @Test
  void signsOfLifeWhileItIsSaved() {
    write(0);
    ask(client, 0);
    tick(2 * Backups.SIGN_TICKS);
    assertThat(client.answers).hasSize(2).allMatch(BackupPiece::getIsPreparing);
  }

  @Test
  void nothingWasEverWritten() {
    ask(client, 0);
    assertThat(client.last().getFailed()).contains("nothing was ever written");
  }

  @Test
  void aSnapshotThatRotsIsNotGiven() throws IOException {
    write(0);
    ask(client, 0);
    while (work.size() > 0 && client.answers.isEmpty()) {
      for (Path file : List.of(directory.resolve("of1").resolve(SnapshotStore.name(0)))) {
        if (Files.exists(file)) {
          byte[] bytes = Files.readAllBytes(file);
          bytes[20] ^= 1;
          Files.write(file, bytes);
        }
      }
      work.remove().run();
    }
    assertThat(client.last().getFailed()).contains("cannot read its snapshot");
  }

  @Test
  void withoutAMajorityItIsGivenUpAndQuestionsDoNotPileUp() throws IOException {
    make(3);
    ask(client, 0);
    tick(Backups.READ_TICKS);
    assertThat(client.last().getFailed()).contains("could not make sure");
    for (int i = 0; i < 10; i++) {
      ask(client, 0);
      client.isOpen = false;
      tick(1);
      client.isOpen = true;
    }
    assertThat(client.answers).hasSize(1);
    assertThat(work).isEmpty();
  }

  @Test
  void inMemoryThereIsNone() {
    Backups none = new Backups(host.orElseThrow(), Optional.empty(), MadeBackup.CLUSTER, () -> {});
    none.ask(Backup.getDefaultInstance(), client);
    assertThat(client.last().getFailed()).contains("in memory");
  }
}
