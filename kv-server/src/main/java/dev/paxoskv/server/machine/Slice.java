package dev.paxoskv.server.machine;

import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.proto.snapshot.SavedSession;
import dev.paxoskv.proto.snapshot.SavedValue;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import java.util.ArrayList;
import java.util.List;

/**
 * A piece of the state at one instance. Once handed over it is not changed; any thread reads it.
 */
public final class Slice {
  private final List<byte[]> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final List<SavedSession> sessions = new ArrayList<>();

  Slice() {}

  void add(byte[] key, byte[] value) {
    keys.add(key);
    values.add(value);
  }

  void add(SavedSession session) {
    sessions.add(session);
  }

  /** As it is written. */
  public SnapshotPart toPart() {
    SnapshotPart.Builder part = SnapshotPart.newBuilder().addAllSessions(sessions);
    for (int i = 0; i < keys.size(); i++) {
      part.addValues(SavedValue.newBuilder()
          .setKey(UnsafeByteOperations.unsafeWrap(keys.get(i)))
          .setValue(UnsafeByteOperations.unsafeWrap(values.get(i))));
    }
    return part.build();
  }
}
