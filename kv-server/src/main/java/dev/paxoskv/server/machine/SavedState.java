package dev.paxoskv.server.machine;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.proto.snapshot.SavedSession;
import dev.paxoskv.proto.snapshot.SavedValue;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The state at one instance, cut loose from the machine. Immutable; any thread may read it. */
public final class SavedState {
  /** A part ends when it has grown to this, in bytes; one value may lead beyond it. */
  private static final int PART_BYTES_AIM = 1 << 18;

  private final long applied;
  private final long hash;
  private final Map<Key, byte[]> values;
  private final List<SavedSession> sessions;

  SavedState(long applied, long hash, Map<Key, byte[]> values, List<SavedSession> sessions) {
    this.applied = applied;
    this.hash = hash;
    this.values = values;
    this.sessions = sessions;
  }

  /** The last instance that it covers. */
  public long applied() {
    return applied;
  }

  /** The state hash there. */
  public long hash() {
    return hash;
  }

  /** How many keys have a value. */
  public int values() {
    return values.size();
  }

  public int sessions() {
    return sessions.size();
  }

  /** Gives everything to {@code parts}, in pieces of about 256 KiB or one value. */
  public void forEachPart(Consumer<SnapshotPart> parts) {
    SnapshotPart.Builder part = SnapshotPart.newBuilder();
    int bytes = 0;
    for (Map.Entry<Key, byte[]> entry : values.entrySet()) {
      ByteString key = UnsafeByteOperations.unsafeWrap(entry.getKey().bytes());
      ByteString value = UnsafeByteOperations.unsafeWrap(entry.getValue());
      part.addValues(SavedValue.newBuilder().setKey(key).setValue(value));
      bytes += key.size() + value.size();
      if (bytes >= PART_BYTES_AIM) {
        parts.accept(part.build());
        part.clear();
        bytes = 0;
      }
    }
    for (SavedSession session : sessions) {
      part.addSessions(session);
      bytes += session.getSerializedSize();
      if (bytes >= PART_BYTES_AIM) {
        parts.accept(part.build());
        part.clear();
        bytes = 0;
      }
    }
    if (bytes > 0) {
      parts.accept(part.build());
    }
  }
}
