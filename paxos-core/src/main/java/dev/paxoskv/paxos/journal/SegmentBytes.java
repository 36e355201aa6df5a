package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.format.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One segment of the log in memory, but for the zeros at its end: a new segment is little else, and
 * to fill memory with them takes longer than all the rest of a start.
 */
final class SegmentBytes {
  private static final int PIECE_BYTES = 1 << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(4096).asReadOnlyBuffer();

  /** Kept of the zeros at the end: few records end in more, and no header is as long. */
  private static final int KEPT_ZEROS = 512;

  private final Disk disk;
  private final String file;
  private final int size;
  private ByteBuffer bytes;

  private SegmentBytes(Disk disk, String file, int size, int used) throws IOException {
    this.disk = disk;
    this.file = file;
    this.size = size;
    this.bytes = read(used);
  }

  /** Reads {@code file}. */
  static SegmentBytes of(Disk disk, String file) throws IOException {
    long size = disk.size(file);
    if (size > Integer.MAX_VALUE - 16) {
      throw new IOException(file + " has " + size + " bytes, more than any segment");
    }
    long used = Math.min(size, usedBytes(disk, file, size) + KEPT_ZEROS);
    return new SegmentBytes(disk, file, (int) size, (int) used);
  }

  /** Behind so many bytes of {@code file} there are only zeros. */
  private static long usedBytes(Disk disk, String file, long size) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, size));
    long end = size;
    long used = 0;
    while (end > 0 && used == 0) {
      int length = (int) Math.min(PIECE_BYTES, end);
      end -= length;
      disk.read(file, end, piece.clear().limit(length));
      int usedHere = usedBytes(piece.flip());
      used = usedHere == 0 ? 0 : end + usedHere;
    }
    return used;
  }

  /** By the block at first: one byte after the other is slow as long as this code is new. */
  private static int usedBytes(ByteBuffer piece) {
    int end = piece.limit();
    while (end >= ZEROS.limit()
        && piece.slice(end - ZEROS.limit(), ZEROS.limit()).equals(ZEROS)) {
      end -= ZEROS.limit();
    }
    while (end > 0 && piece.get(end - 1) == 0) {
      end--;
    }
    return end;
  }

  /** The record at {@code at}, if there is a whole and sound one. */
  Optional<Frame> frame(int at, int salt) throws IOException {
    boolean isLonger =
        at + Frame.HEADER_BYTES <= bytes.limit() && bytes.getInt(at) > bytes.limit() - at;
    if (isLonger && bytes.limit() < size) {
      // It may end in zeros.
      bytes = read(size);
    }
    return Frame.read(bytes, at, salt);
  }

  /** Behind so many bytes there are only zeros. */
  int limit() {
    return bytes.limit();
  }

  /** Whether the place of a record at {@code at} shows log position {@code lsn}. */
  boolean shows(long lsn, int at) {
    return at + Frame.HEADER_BYTES <= bytes.limit() && bytes.getLong(at + 16) == lsn;
  }

  /** Where a record may begin next, from {@code from} on: none begins with zeros. */
  int possible(int from) {
    int at = from;
    while (at + 8 <= bytes.limit() && bytes.getLong(at) == 0) {
      at += 8;
    }
    return at;
  }

  private ByteBuffer read(int length) throws IOException {
    ByteBuffer read = ByteBuffer.allocate(length);
    disk.read(file, 0, read);
    return read.flip();
  }
}
