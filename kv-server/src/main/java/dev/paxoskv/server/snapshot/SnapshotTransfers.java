package dev.paxoskv.server.snapshot;

import dev.paxoskv.paxos.host.StateMachine.Snapshots;
import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.paxos.journal.JournalWorker;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.snapshot.SnapshotStore.Loaded;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Gives snapshots to other servers and takes one from them. Protocol thread only. */
public final class SnapshotTransfers implements Snapshots {
  /**
   * What it works with.
   *
   * @param store where snapshots are, for {@code writer} alone
   * @param writer saves snapshots of our own, too
   * @param files the same directory, for {@code reader} alone, which only looks at it
   * @param reader reads for others, so that they do not wait for a snapshot that is being saved
   * @param fresh makes a machine that has applied nothing; for {@code writer}
   */
  public record Parts(
      SnapshotStore store,
      JournalWorker writer,
      Disk files,
      JournalWorker reader,
      Supplier<KvStateMachine> fresh) {}

  private final Parts parts;
  private final LongSupplier sound;
  private final Consumer<Loaded> adopter;
  private Optional<Loaded> installed = Optional.empty();

  /**
   * Gives and takes with {@code parts}.
   *
   * @param sound up to which instance a snapshot may be given, as nobody had another state there
   * @param adopter gets the state that is to be the server's from now on
   */
  SnapshotTransfers(Parts parts, LongSupplier sound, Consumer<Loaded> adopter) {
    this.parts = parts;
    this.sound = sound;
    this.adopter = adopter;
  }

  @Override
  public void read(Pull pull, Consumer<Piece> then) {
    long last = sound.getAsLong();
    parts.reader().run(() -> PieceReader.read(parts.files(), pull, last), then);
  }

  @Override
  public void write(Piece piece, Consumer<Boolean> then) {
    parts.writer().run(() -> parts.store().receive(piece), then);
  }

  @Override
  public void install(Piece last, Consumer<Boolean> then) {
    parts.writer().run(() -> parts.store().install(last, parts.fresh()), loaded -> {
      installed = loaded;
      then.accept(loaded.isPresent());
    });
  }

  @Override
  public void adopt() {
    Loaded loaded = installed.orElseThrow();
    installed = Optional.empty();
    adopter.accept(loaded);
  }
}
