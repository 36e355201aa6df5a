package dev.paxoskv.server.machine;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.snapshot.SavedValue;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import dev.paxoskv.server.compare.StateComparison;
import dev.paxoskv.server.machine.command.CommandReader;
import dev.paxoskv.server.table.Entry;
import dev.paxoskv.server.table.Table;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store: applies batches of commands in log order, each write once, and reports what each
 * command came to. Gets are not in the log: they are answered from the state as it is.
 */
public final class KvStateMachine implements StateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(KvStateMachine.class);

  /** Hears what each command came to, as it is applied. */
  public interface Listener {
    void completed(SessionId session, long number, Result result);

    /** The state was replaced by another server's: of what was applied to that nothing is told. */
    default void replaced() {}
  }

  /**
   * How many sessions there may be, and for how long each may rest: the same at every server.
   *
   * @param idleMillisMax in the time that batches carry
   */
  public record SessionLimits(int countMax, long idleMillisMax) {
    /** The time of a batch counts for no more than this further than the highest before. */
    public static final long AHEAD_MILLIS_MAX = 1000;

    /** Those of the store; tests take smaller ones. */
    public static final SessionLimits STORE =
        new SessionLimits(Limit.SESSIONS_MAX_VALUE, 1000L * Limit.SESSION_IDLE_SECONDS_MAX_VALUE);
  }

  private final Listener listener;
  private final StateComparison comparison;
  private final Table table = new Table();
  private final Changes changes = new Changes(table);
  private final Sessions sessions;
  private final StateHash hash = new StateHash();
  private final CommandReader reader = new CommandReader();
  private SessionId last = new SessionId(0, 0);
  private long applied = -1;
  private int commands;
  private boolean isTimed;

  public KvStateMachine(Listener listener) {
    this(listener, SessionLimits.STORE, StateComparison.alone());
  }

  /**
   * One among others.
   *
   * @param limits the same at every server
   * @param comparison with the states of the others
   */
  public KvStateMachine(Listener listener, SessionLimits limits, StateComparison comparison) {
    this.listener = listener;
    this.sessions = new Sessions(limits);
    this.comparison = comparison;
  }

  @Override
  public void apply(long seq, Value value) {
    commands = 0;
    hash.add(value.bytes());
    try {
      applyAll(value);
    } catch (IOException e) {
      // Every replica meets the same bytes and passes over them in the same way.
      LOG.error("instance {} holds no batch ({}); it was passed over", seq, e.getMessage());
    }
    // What was stored counts, too, not only what was asked for.
    hash.add(table.checksum());
    applied = seq;
    comparison.applied(seq, hash.value(), commands > 0);
  }

  /** With the states of the others. */
  public StateComparison comparison() {
    return comparison;
  }

  /** In memory everything applied is as safe as it will ever be. */
  @Override
  public long done() {
    return applied;
  }

  @Override
  public long applied() {
    return applied;
  }

  /** What a get finds in the state as it is. */
  public Result get(ByteString key) {
    Entry entry = table.find(key.toByteArray(), 0, key.size());
    return new Result.Found(Optional.ofNullable(entry).map(Entry::value));
  }

  /** The entries behind {@code after} whose keys begin with {@code prefix}, as they are. */
  public Result.Page scan(ByteString prefix, ByteString after, int entriesMax) {
    long bytesMax = Limit.SCAN_BYTES_MAX_VALUE;
    return new PageScan(prefix.toByteArray(), after.toByteArray(), entriesMax, bytesMax).in(table);
  }

  /** How many keys have a value. */
  public int keys() {
    return table.size();
  }

  /**
   * Begins a walk over the state as it is now; one that was begun before is over.
   *
   * @param sliceBytes when a slice of the walk ends; one value, or one session, may lead beyond it
   */
  public StateWalk walk(int sliceBytes) {
    SnapshotHead.Builder head = SnapshotHead.newBuilder()
        .setApplied(applied)
        .setHash(hash.value())
        .setContent(table.checksum())
        .setTime(sessions.time());
    comparison.saved().ifPresent(head::setComparison);
    return new StateWalk(head.build(), table.walk(), sessions.walk(), sliceBytes);
  }

  /** Takes up a part of a snapshot; this machine must not have applied anything. */
  public void restore(SnapshotPart part) {
    for (SavedValue saved : part.getValuesList()) {
      byte[] key = saved.getKey().toByteArray();
      table.put(key, 0, key.length, saved.getValue().toByteArray());
    }
    part.getSessionsList().forEach(sessions::restore);
  }

  /**
   * All parts of the snapshot were taken up.
   *
   * @return whether the state is the one that was saved; if not, this machine is of no use
   */
  public boolean restored(SnapshotHead head) {
    applied = head.getApplied();
    hash.restore(head.getHash());
    sessions.restored(head.getTime());
    boolean isWhole = table.checksum() == head.getContent();
    if (isWhole && head.hasComparison()) {
      comparison.restore(head.getComparison(), applied);
    }
    return isWhole;
  }

  /** From now on this is the state of a server that had another one. */
  public void takeOver() {
    listener.replaced();
  }

  /** The time that batches have brought so far, in milliseconds. */
  public long time() {
    return sessions.time();
  }

  /** How many sessions there are. */
  public int sessions() {
    return sessions.count();
  }

  /** Hash over everything applied so far. */
  public long hash() {
    return hash.value();
  }

  private void applyAll(Value value) throws IOException {
    if (reader.opens(value.bytes())) {
      begin(reader.time());
      while (reader.next()) {
        apply();
      }
      return;
    }
    // Of what no client of ours writes, protobuf knows the meaning; all of it or nothing.
    Batch batch = Batch.parseFrom(value.bytes());
    begin(batch.getTime());
    for (Command command : batch.getCommandsList()) {
      reader.show(command);
      apply();
    }
    batch.getStatementsList().forEach(comparison::stated);
  }

  private void begin(long time) {
    isTimed = time != 0;
    sessions.advance(time, hash::add);
  }

  private void apply() {
    commands++;
    SessionId session = session();
    Result result = reader.asked().operation() == OperationCase.OPEN_SESSION
        ? open(SessionId.opened(applied + 1, commands, reader.sessionLow()))
        : write(session);
    hash.add(result);
    // While it is not known whose state is right, nobody is told what this one came to.
    boolean isInDoubt = comparison.doubt().isPresent();
    listener.completed(session, reader.number(), isInDoubt ? Result.WITHHELD : result);
  }

  private Result open(SessionId session) {
    sessions.open(session, hash::add);
    return new Result.Opened(session);
  }

  /** The commands of a session come in runs, so that most need no id of their own. */
  private SessionId session() {
    if (last.high() != reader.sessionHigh() || last.low() != reader.sessionLow()) {
      last = new SessionId(reader.sessionHigh(), reader.sessionLow());
    }
    return last;
  }

  private Result write(SessionId session) {
    if (!sessions.use(session)) {
      if (isTimed) {
        return Result.EXPIRED;
      }
      sessions.begin(session);
    }
    sessions.acknowledge(session, reader.acknowledged());
    Optional<Result> instead = sessions.answerInstead(session, reader.number());
    if (instead.isPresent()) {
      return instead.get();
    }
    Result result = changes.make(reader.asked());
    sessions.applied(session, reader.number(), result);
    return result;
  }
}
