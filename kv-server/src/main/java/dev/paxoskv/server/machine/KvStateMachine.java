package dev.paxoskv.server.machine;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Append;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.snapshot.SavedValue;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
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
  private final Map<Key, byte[]> values = new HashMap<>();
  private final Sessions sessions = new Sessions();
  private final StateHash hash = new StateHash();
  private long applied = -1;

  public KvStateMachine(Listener listener) {
    this.listener = listener;
  }

  @Override
  public void apply(long seq, Value value) {
    hash.add(value.bytes());
    try {
      parse(value).getCommandsList().forEach(this::apply);
    } catch (IOException e) {
      // Every replica meets the same bytes and passes over them in the same way.
      LOG.error("instance {} holds no batch ({}); it was passed over", seq, e.getMessage());
    }
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
    return new Result.Found(Optional.ofNullable(values.get(new Key(key.toByteArray()))));
  }

  /** The state as it is now; later applies do not change what was returned. */
  public SavedState save() {
    return new SavedState(applied, hash.value(), new HashMap<>(values), sessions.save());
  }

  /** Takes up the head of a snapshot; this machine must not have applied anything. */
  public void restore(SnapshotHead head) {
    applied = head.getApplied();
    hash.restore(head.getHash());
  }

  /** Takes up a part of that snapshot. */
  public void restore(SnapshotPart part) {
    for (SavedValue saved : part.getValuesList()) {
      values.put(new Key(saved.getKey().toByteArray()), saved.getValue().toByteArray());
    }
    part.getSessionsList().forEach(sessions::restore);
  }

  /** Hash over everything applied so far. */
  public long hash() {
    return hash.value();
  }

  private static Batch parse(Value value) throws IOException {
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(value.bytes()).newCodedInput();
    // Keys and values are copied out one by one, so the batch itself need not be.
    in.enableAliasing(true);
    return Batch.parseFrom(in);
  }

  private void apply(Command command) {
    SessionId session = new SessionId(command.getSessionHigh(), command.getSessionLow());
    sessions.acknowledge(session, command.getAcknowledged());
    Result result = write(session, command);
    hash.add(result);
    listener.completed(session, command.getNumber(), result);
  }

  private Result write(SessionId session, Command command) {
    Optional<Result> instead = sessions.answerInstead(session, command.getNumber());
    if (instead.isPresent()) {
      return instead.get();
    }
    Result result = switch (command.getOperationCase()) {
      case PUT -> put(command.getPut().getKey(), command.getPut().getValue());
      case APPEND -> append(command.getAppend());
      default -> new Result.Refused("this server does not know the operation; upgrade it", true);
    };
    sessions.applied(session, command.getNumber(), result);
    return result;
  }

  private Result put(ByteString key, ByteString value) {
    values.put(new Key(key.toByteArray()), value.toByteArray());
    return Result.APPLIED;
  }

  private Result append(Append append) {
    Key key = new Key(append.getKey().toByteArray());
    byte[] old = values.getOrDefault(key, new byte[0]);
    int size = old.length + append.getValue().size();
    if (size > Limit.VALUE_BYTES_MAX_VALUE) {
      return new Result.Refused(
          "the value would grow to " + size + " bytes, the limit is " + Limit.VALUE_BYTES_MAX_VALUE,
          true);
    }
    byte[] grown = Arrays.copyOf(old, size);
    append.getValue().copyTo(grown, old.length);
    values.put(key, grown);
    return Result.APPLIED;
  }
}
