package dev.paxoskv.server.backup;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.journal.JournalWorker;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.proto.kv.Backup;
import dev.paxoskv.proto.kv.BackupPiece;
import dev.paxoskv.server.snapshot.LiveMachine;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gives backups to clients: one at a time, piece by piece, each when it is asked for. Before one
 * begins this server makes sure, as for a read, that it has applied every write that was
 * acknowledged anywhere; then it has a snapshot of that saved, unless there is one. Protocol thread
 * only.
 */
public final class Backups {
  /** So many pieces leave in a tick; more wait. */
  static final int PIECES_PER_TICK = 4;

  /** So long it may take to make sure that all writes are known. */
  static final int READ_TICKS = 200;

  /** After so many ticks without a question nobody wants the rest any more. */
  static final int IDLE_TICKS = 3000;

  /** So often whoever waits for the first piece is told that it will come. */
  static final int SIGN_TICKS = 50;

  /** Port to a client. */
  public interface Asker {
    /** Answers what it asked. */
    void tell(BackupPiece piece);

    /** Whether anyone still listens. */
    boolean isOpen();
  }

  /**
   * What it works with.
   *
   * @param machine whose state is backed up
   * @param worker opens and reads snapshots
   * @param files makes a view of the data directory, for {@code worker} alone
   */
  public record Parts(LiveMachine machine, JournalWorker worker, Supplier<FileDisk> files) {}

  private enum State {
    /** To make sure that all writes are known. */
    READING_INDEX,
    /** The snapshot is being saved, or checked. */
    SAVING,
    /** The next question is the client's. */
    IDLE,
    /** A question waits for the next tick. */
    HELD,
    /** A piece is being read. */
    READING_PIECE
  }

  /** One backup. */
  private static final class Run {
    final Asker asker;

    /** The operator knows that this state may be the wrong one. */
    final boolean isInDoubtWanted;

    State state = State.READING_INDEX;
    long since;
    long offset;
    Optional<BackupSource> source = Optional.empty();

    Run(Asker asker, boolean isInDoubtWanted, long since) {
      this.asker = asker;
      this.isInDoubtWanted = isInDoubtWanted;
      this.since = since;
    }

    void enter(State next, long now) {
      state = next;
      since = now;
    }
  }

  private final Host host;
  private final Optional<Parts> parts;
  private final String cluster;
  private final Runnable flushSoon;
  private Optional<Run> current = Optional.empty();
  private boolean isIndexAsked;
  private int piecesThisTick;
  private long now;

  /**
   * Makes the backups of one server.
   *
   * @param parts empty if it keeps its state in memory
   * @param cluster its id, as 32 hexadecimal digits
   * @param flushSoon asks for a step, after which answers leave
   */
  public Backups(Host host, Optional<Parts> parts, String cluster, Runnable flushSoon) {
    this.host = host;
    this.parts = parts;
    this.cluster = cluster;
    this.flushSoon = flushSoon;
  }

  /** A client asks for a piece. */
  public void ask(Backup question, Asker asker) {
    if (parts.isEmpty()) {
      refuse(asker, "this server keeps its state in memory, and has nothing to make a backup of");
    } else if (question.getOffset() == 0) {
      begin(new Run(asker, question.getInDoubt(), now));
    } else {
      goOn(question.getOffset(), asker);
    }
  }

  private void begin(Run run) {
    boolean isBusy = current.isPresent() && current.get().asker.isOpen();
    if (isBusy) {
      refuse(
          run.asker,
          "this server gives a backup to somebody at the moment; ask another server, or"
              + " later");
      return;
    }
    drop();
    current = Optional.of(run);
    askIndex();
  }

  /** One question at a time, so that clients that come and go do not pile them up. */
  private void askIndex() {
    Optional<Run> asking = current;
    if (!isIndexAsked && asking.isPresent()) {
      isIndexAsked = true;
      host.read(() -> indexReached(asking.get()));
    }
  }

  private void indexReached(Run run) {
    isIndexAsked = false;
    if (!isCurrent(run, State.READING_INDEX)) {
      // It was given up; what another one must see may have been written since it was asked.
      current.filter(other -> other.state == State.READING_INDEX).ifPresent(other -> askIndex());
    } else if (host.applied() < 0) {
      fail(run, "nothing was ever written, so there is nothing to make a backup of");
    } else {
      run.enter(State.SAVING, now);
      // In doubt this server saves nothing unless it was told to.
      if (!failsByDoubt(run)) {
        parts.orElseThrow().machine().save(index -> saved(run, index));
      }
    }
  }

  private boolean failsByDoubt(Run run) {
    Optional<String> doubt =
        parts.orElseThrow().machine().machine().comparison().doubt();
    boolean fails = doubt.isPresent() && !run.isInDoubtWanted;
    if (fails) {
      fail(run, doubt.get());
    }
    return fails;
  }

  private void saved(Run run, long index) {
    if (!isCurrent(run, State.SAVING) || failsByDoubt(run)) {
      return;
    }
    if (index < 0) {
      fail(run, "this server has saved no snapshot; its log says why; ask another server");
      return;
    }
    Parts with = parts.orElseThrow();
    FileDisk disk = with.files().get();
    with.worker().run(() -> SourceWork.open(disk, index, cluster), source -> opened(run, source));
  }

  private void opened(Run run, Optional<BackupSource> source) {
    if (!isCurrent(run, State.SAVING)) {
      source.ifPresent(this::close);
    } else if (source.isEmpty()) {
      fail(run, "this server cannot read its snapshot; its log says why; ask another server");
    } else {
      run.source = source;
      hold(run, 0);
    }
  }

  private void goOn(long offset, Asker asker) {
    Optional<Run> run = current.filter(each -> each.asker == asker && each.state == State.IDLE);
    boolean isInside =
        run.isPresent() && offset > 0 && offset < source(run.get()).size();
    if (isInside) {
      hold(run.get(), offset);
    } else {
      refuse(asker, "this server gives no such piece of a backup here and now; begin again");
    }
  }

  private void hold(Run run, long offset) {
    run.offset = offset;
    run.enter(State.HELD, now);
    giveIfAllowed(run);
  }

  private void giveIfAllowed(Run run) {
    if (piecesThisTick == PIECES_PER_TICK) {
      return;
    }
    piecesThisTick++;
    run.enter(State.READING_PIECE, now);
    BackupSource source = source(run);
    parts
        .orElseThrow()
        .worker()
        .run(() -> SourceWork.read(source, run.offset), piece -> give(run, piece));
  }

  private void give(Run run, BackupPiece piece) {
    if (!isCurrent(run, State.READING_PIECE)) {
      return;
    }
    if (piece.getFailed().isEmpty()) {
      run.enter(State.IDLE, now);
      tell(run.asker, piece);
    } else {
      fail(run, piece.getFailed());
    }
  }

  /** One unit of time has passed. */
  public void tick() {
    now++;
    piecesThisTick = 0;
    current.ifPresent(this::tick);
  }

  private void tick(Run run) {
    long ticks = now - run.since;
    if (!run.asker.isOpen()) {
      drop();
    } else if (run.state == State.HELD) {
      giveIfAllowed(run);
    } else if (run.state == State.READING_INDEX && ticks >= READ_TICKS) {
      fail(
          run,
          "for " + READ_TICKS * PaxosNode.TICK_MILLIS
              + " ms this server could not make sure that it knows of all"
              + " writes; another server may hear more of the others");
    } else if (run.state == State.SAVING && ticks % SIGN_TICKS == 0) {
      tell(run.asker, BackupPiece.newBuilder().setIsPreparing(true).build());
    } else if (run.state == State.IDLE && ticks >= IDLE_TICKS) {
      fail(run, "nothing was asked for " + IDLE_TICKS * PaxosNode.TICK_MILLIS + " ms; begin again");
    }
  }

  private boolean isCurrent(Run run, State state) {
    return current.filter(other -> other == run).isPresent() && run.state == state;
  }

  private static BackupSource source(Run run) {
    return run.source.orElseThrow();
  }

  private void fail(Run run, String why) {
    drop();
    refuse(run.asker, why);
  }

  private void refuse(Asker asker, String why) {
    tell(asker, BackupPiece.newBuilder().setFailed(why).build());
  }

  private void tell(Asker asker, BackupPiece piece) {
    asker.tell(piece);
    flushSoon.run();
  }

  private void drop() {
    current.flatMap(run -> run.source).ifPresent(this::close);
    current = Optional.empty();
  }

  /** Behind what may still be read from it. */
  private void close(BackupSource source) {
    parts.orElseThrow().worker().run(() -> SourceWork.close(source), done -> {});
  }
}
