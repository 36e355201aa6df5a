package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.Recovered;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The first record of a segment: which one it is, and a second copy of the marks below which
 * records were thrown away.
 */
record SegmentHead(int salt, long number, long min, long snapshot) {
  static final int BYTES = Frame.bytes(48);

  private static final long MAGIC = 0x7061786f736c6f67L;
  private static final int VERSION = 1;
  private static final String PREFIX = "log-";

  /** File of segment {@code number}. */
  static String file(long number) {
    return String.format("%s%016x", PREFIX, number);
  }

  static boolean isSegment(String file) {
    return file.matches(PREFIX + "[0-9a-f]{16}");
  }

  static long number(String file) {
    return Long.parseLong(file.substring(PREFIX.length()), 16);
  }

  void put(ByteBuffer to) {
    to.putLong(MAGIC).putInt(VERSION).putInt(salt).putLong(0).putLong(number);
    to.putLong(min).putLong(snapshot);
  }

  /** Reads the payload of a sound record. */
  static SegmentHead get(ByteBuffer from) throws IOException {
    long magic = from.getLong();
    int version = from.getInt();
    if (magic != MAGIC || version != VERSION) {
      throw new IOException("the log has format version " + version
          + ", this program reads version " + VERSION + "; start it with a newer program");
    }
    int salt = from.getInt();
    from.getLong();
    return new SegmentHead(salt, from.getLong(), from.getLong(), from.getLong());
  }

  void addTo(Recovered recovered) {
    recovered.add(new Floor(min));
    recovered.add(new SnapshotMark(snapshot));
  }
}
