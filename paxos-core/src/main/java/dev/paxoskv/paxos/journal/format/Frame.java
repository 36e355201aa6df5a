package dev.paxoskv.paxos.journal.format;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The outside of one record in the log: big-endian, a multiple of eight bytes long.
 *
 * <pre>
 *  0  length of the record, with header and padding, 4 bytes
 *  4  CRC32C of all other bytes of the record, and the salt added by exclusive or, 4
 *  8  CRC32C of the record before, 4: the chain
 * 12  type, 1; type of the record before, 1; zero, 2
 * 16  log position (LSN), 8
 * 24  log position up to which all was synced when this was written, 8
 * 32  instance or peer of the record before, 8
 * 40  payload, and zeros up to a multiple of eight
 * </pre>
 *
 * <p>The record before is named so that a record which cannot be read any more is known by the one
 * behind it. The salt is drawn once per log and cannot be known from outside, so no value that a
 * client stores can pass for a record. A segment's head is summed without it, as it carries it.
 */
public record Frame(
    int length, int crc, Type type, long lsn, long synced, Link before, ByteBuffer payload) {

  public static final int HEADER_BYTES = 40;

  /**
   * What a record of the log is about. The numbers are the format and never change their meaning.
   */
  public enum Type {
    SEGMENT_HEAD(1),
    PROMISE_RANGE(2),
    // 7 is kept for a configuration.
    PROMISE_SLOT(3),
    ACCEPT(4),
    DECIDED(5),
    DONE(6),
    FLOOR(8),
    SNAPSHOT_MARK(9),
    REGISTERED(10),
    SYNCED(11),
    FAULTY(12),
    OLDEST_SEGMENT(13);

    private static final Type[] BY_NUMBER = new Type[128];

    static {
      for (Type type : values()) {
        BY_NUMBER[type.number] = type;
      }
    }

    private final byte number;

    Type(int number) {
      this.number = (byte) number;
    }

    public byte number() {
      return number;
    }

    /** Whether this version knows {@code number}. */
    public static boolean isKnown(byte number) {
      return number > 0 && BY_NUMBER[number] != null;
    }

    public static Type of(byte number) {
      if (!isKnown(number)) {
        throw new IllegalArgumentException("record type " + number + " is not known here");
      }
      return BY_NUMBER[number];
    }
  }

  /** What a record repeats of its predecessor. */
  public record Link(int crc, byte type, long key) {
    public static final Link NONE = new Link(0, (byte) 0, -1);
  }

  public static int bytes(int payload) {
    return (HEADER_BYTES + payload + 7) & ~7;
  }

  /**
   * Where a record stands.
   *
   * @param synced log position up to which all was durable by then
   */
  public record Stamp(long lsn, long synced, int salt) {}

  /** The payload has been put behind an empty header at {@code at}: fills in the header. */
  public static int seal(ByteBuffer in, int at, Type type, Stamp stamp, Link before) {
    int length = in.position() - at;
    in.putInt(at, length)
        .putInt(at + 8, before.crc())
        .put(at + 12, type.number())
        .put(at + 13, before.type())
        .putShort(at + 14, (short) 0)
        .putLong(at + 16, stamp.lsn())
        .putLong(at + 24, stamp.synced())
        .putLong(at + 32, before.key());
    int crc = crc(in, at, length) ^ (type == Type.SEGMENT_HEAD ? 0 : stamp.salt());
    in.putInt(at + 4, crc);
    return crc;
  }

  /** The record at {@code at}, if there is a whole and sound one. */
  public static Optional<Frame> read(ByteBuffer in, int at, int salt) {
    if (at + HEADER_BYTES > in.limit()) {
      return Optional.empty();
    }
    int length = in.getInt(at);
    byte type = in.get(at + 12);
    boolean isPossible = length >= HEADER_BYTES
        && (length & 7) == 0
        && length <= in.limit() - at
        && type > 0
        && in.getLong(at + 16) > 0;
    if (!isPossible) {
      return Optional.empty();
    }
    boolean isHead = type == Type.SEGMENT_HEAD.number();
    if (in.getInt(at + 4) != (crc(in, at, length) ^ (isHead ? 0 : salt))) {
      return Optional.empty();
    }
    Link before = new Link(in.getInt(at + 8), in.get(at + 13), in.getLong(at + 32));
    return Optional.of(new Frame(
        length,
        in.getInt(at + 4),
        Type.of(type),
        in.getLong(at + 16),
        in.getLong(at + 24),
        before,
        in.slice(at + HEADER_BYTES, length - HEADER_BYTES)));
  }

  private static int crc(ByteBuffer in, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(in.array(), in.arrayOffset() + at, 4);
    crc.update(in.array(), in.arrayOffset() + at + 8, length - 8);
    return (int) crc.getValue();
  }

  /** How the record behind this one names it. */
  public Link link() {
    return new Link(crc, type.number(), key());
  }

  private long key() {
    return switch (type) {
      case SEGMENT_HEAD -> payload.getLong(24);
      case SYNCED -> -1;
      case REGISTERED, DONE -> payload.getInt(0);
      default -> payload.getLong(0);
    };
  }
}
