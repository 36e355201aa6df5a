package dev.paxoskv.server.machine;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.snapshot.SavedValue;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.proto.snapshot.SnapshotPart;
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
  }

  private final Listener listener;
  private final Table table = new Table();
  private final Changes changes = new Changes(table);
  private final Sessions sessions = new Sessions();
  private final StateHash hash = new StateHash();
  private final CommandReader reader = new CommandReader();
  private SessionId last = new SessionId(0, 0);
  private long applied = -1;

  public KvStateMachine(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void apply(long seq, Value value) {
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

  /** How many clients' writes are remembered. */
  public int sessions() {
    return sessions.count();
  }

  /**
   * Begins a walk over the state as it is now; one that was begun before is over.
   *
   * @param sliceBytes when a slice of the walk ends; one value, or one session, may lead beyond it
   */
  public StateWalk walk(int sliceBytes) {
    SnapshotHead head = SnapshotHead.newBuilder()
        .setApplied(applied)
        .setHash(hash.value())
        .setContent(table.checksum())
        .build();
    return new StateWalk(head, table.walk(), sessions.walk(), sliceBytes);
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
    sessions.restored();
    return table.checksum() == head.getContent();
  }

  /** Hash over everything applied so far. */
  public long hash() {
    return hash.value();
  }

  private void applyAll(Value value) throws IOException {
    if (reader.opens(value.bytes())) {
      while (reader.next()) {
        apply();
      }
      return;
    }
    // Of what no client of ours writes, protobuf knows the meaning; all of it or nothing.
    for (Command command : Batch.parseFrom(value.bytes()).getCommandsList()) {
      reader.show(command);
      apply();
    }
  }

  private void apply() {
    SessionId session = session();
    sessions.acknowledge(session, reader.acknowledged());
    Result result = write(session);
    hash.add(result);
    listener.completed(session, reader.number(), result);
  }

  /** The commands of a session come in runs, so that most need no id of their own. */
  private SessionId session() {
    if (last.high() != reader.sessionHigh() || last.low() != reader.sessionLow()) {
      last = new SessionId(reader.sessionHigh(), reader.sessionLow());
    }
    return last;
  }

  private Result write(SessionId session) {
    Optional<Result> instead = sessions.answerInstead(session, reader.number());
    if (instead.isPresent()) {
      return instead.get();
    }
    Result result = changes.make(reader.asked());
    sessions.applied(session, reader.number(), result);
    return result;
  }
}
