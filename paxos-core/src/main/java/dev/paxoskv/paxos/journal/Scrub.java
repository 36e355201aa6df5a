package dev.paxoskv.paxos.journal;

import dev.paxoskv.paxos.journal.format.Frame;
import dev.paxoskv.paxos.journal.format.SegmentHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Optional;

/**
 * Reads closed segments again, a piece at a time, and checks every record: rot is found while
 * memory still has what was lost.
 */
final class Scrub {
  static final int PIECE_BYTES = 1 << 20;

  private final Disk disk;
  private final int salt;
  private long number = -1;
  private long offset;
  private long lsn;
  private Frame.Link last = Frame.Link.NONE;

  Scrub(Disk disk, int salt) {
    this.disk = disk;
    this.salt = salt;
  }

  /** Chooses where to go on. The newest of {@code segments} is being written and is left out. */
  long next(Collection<Long> segments) {
    long oldest = segments.iterator().next();
    long newest = segments.stream().mapToLong(n -> n).max().orElse(oldest);
    if (number < oldest || number >= newest) {
      begin(oldest);
    }
    return number;
  }

  /** Reads one piece; false if a record in it cannot be read any more. */
  boolean step() throws IOException {
    String file = SegmentHead.file(number);
    ByteBuffer piece = read(file, PIECE_BYTES);
    int length = piece.limit() < 4 ? 0 : piece.getInt(0);
    if (length > piece.limit() && length <= disk.size(file) - offset) {
      piece = read(file, length);
    }
    int at = 0;
    Optional<Frame> frame = nextFrame(piece, at);
    boolean isMoving = frame.isPresent();
    while (frame.isPresent()) {
      at += frame.get().length();
      lsn = frame.get().lsn();
      last = frame.get().link();
      frame = nextFrame(piece, at);
    }
    offset += at;
    return isMoving || closes();
  }

  private ByteBuffer read(String file, int bytes) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(bytes);
    disk.read(file, offset, into);
    return into.flip();
  }

  private Optional<Frame> nextFrame(ByteBuffer piece, int at) {
    boolean isFirst = offset + at == 0;
    return Frame.read(piece, at, salt)
        .filter(f -> isFirst || (f.lsn() == lsn + 1 && f.before().equals(last)));
  }

  /** No record is left here: true if the next segment goes on exactly where this one ends. */
  private boolean closes() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(SegmentHead.BYTES);
    disk.read(SegmentHead.file(number + 1), 0, head);
    Optional<Frame> next = Frame.read(head.flip(), 0, salt)
        .filter(f -> f.lsn() == lsn + 1 && f.before().equals(last));
    begin(number + 1);
    return next.isPresent();
  }

  private void begin(long segment) {
    number = segment;
    offset = 0;
    lsn = 0;
    last = Frame.Link.NONE;
  }
}
