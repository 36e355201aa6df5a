package dev.paxoskv.paxos.journal.format;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord.Floor;
import dev.paxoskv.paxos.protocol.DurableRecord.RangePromised;
import dev.paxoskv.paxos.protocol.DurableRecord.SnapshotMark;
import dev.paxoskv.paxos.protocol.Recovered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The first record of a segment: which one it is, and second copies of the marks below which
 * records were thrown away and of the promise for all instances.
 */
public record SegmentHead(int salt, long number, long min, long snapshot, Ballot rangePromised) {
  public static final int BYTES = Frame.bytes(48 + Payloads.BALLOT_BYTES + 4);

  private static final long MAGIC = 0x7061786f736c6f67L;
  private static final int VERSION = 2;
  private static final String PREFIX = "log-";

  /** File of segment {@code number}. */
  public static String file(long number) {
    return PREFIX + HexFormat.of().toHexDigits(number);
  }

  public static boolean isSegment(String file) {
    return file.matches(PREFIX + "[0-9a-f]{16}");
  }

  public static long number(String file) {
    return Long.parseLong(file.substring(PREFIX.length()), 16);
  }

  public void put(ByteBuffer to) {
    to.putLong(MAGIC).putInt(VERSION).putInt(salt).putLong(0).putLong(number);
    to.putLong(min).putLong(snapshot);
    Payloads.putBallot(rangePromised, to);
    // Whole words, as a head is laid out without padding.
    to.putInt(0);
  }

  /** Reads the payload of a sound record. */
  public static SegmentHead get(ByteBuffer from) throws IOException {
    long magic = from.getLong();
    int version = from.getInt();
    if (magic != MAGIC || version != VERSION) {
      throw new IOException("the log has format version " + version
          + ", this program reads version " + VERSION + "; start it with the program for that");
    }
    int salt = from.getInt();
    from.getLong();
    return new SegmentHead(
        salt, from.getLong(), from.getLong(), from.getLong(), Payloads.ballot(from));
  }

  public void addTo(Recovered recovered) {
    recovered.add(new Floor(min));
    recovered.add(new SnapshotMark(snapshot));
    recovered.add(new RangePromised(rangePromised));
  }
}
