package dev.paxoskv.server.snapshot;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.paxos.journal.Disk;
import dev.paxoskv.proto.snapshot.SnapshotEnd;
import dev.paxoskv.proto.snapshot.SnapshotFrame;
import dev.paxoskv.proto.snapshot.SnapshotHead;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** Reads one snapshot, or says what is wrong with it. */
final class SnapshotReader {

  /** The file is not a whole snapshot. */
  static final class RottenException extends IOException {
    private static final long serialVersionUID = 1L;

    RottenException(String message) {
      super(message);
    }
  }

  /** No frame is longer: a part's aim, the longest value, and a session with all its results. */
  private static final int FRAME_BYTES_MAX = 16 << 20;

  /** The version of before batches had a time: it is 0 then. All else is the same. */
  private static final int WITHOUT_TIME = 2;

  /** With which a frame begins that has a part. */
  private static final byte PART_TAG = SnapshotFrame.PART_FIELD_NUMBER << 3 | 2;

  /** And one that has a comparison, whose checksum stands by itself. */
  private static final byte COMPARISON_TAG = SnapshotFrame.COMPARISON_FIELD_NUMBER << 3 | 2;

  private final Disk disk;
  private final String file;
  private final long size;
  private final CRC32C crc = new CRC32C();

  /** The bytes of the frame at hand: memory is touched once, and not for each frame anew. */
  private ByteBuffer frame = ByteBuffer.allocate(SnapshotWriter.FRAME_HEAD_BYTES);

  private long offset;
  private long values;
  private long sessions;

  private SnapshotReader(Disk disk, String file, long size) {
    this.disk = disk;
    this.file = file;
    this.size = size;
  }

  /**
   * Reads all of it.
   *
   * @param parts take them in one by one; a part is not valid any more once they have returned
   * @return the head
   * @throws RottenException if anything of it is not as it was written; {@code parts} may have had
   *     some of it by then
   * @throws IOException if the disk fails
   */
  static SnapshotHead read(Disk disk, String file, Consumer<SnapshotPart> parts)
      throws IOException {
    return new SnapshotReader(disk, file, disk.size(file)).read(Optional.of(parts));
  }

  /**
   * Checks all of it, but for what stands in the parts, of which only the checksums are looked at.
   *
   * @return the head
   * @throws RottenException if anything of it is not as it was written
   * @throws IOException if the disk fails
   */
  static SnapshotHead check(Disk disk, String file) throws IOException {
    return new SnapshotReader(disk, file, disk.size(file)).read(Optional.empty());
  }

  /** The head alone; throws as {@link #read}. */
  static SnapshotHead head(Disk disk, String file) throws IOException {
    SnapshotReader reader = new SnapshotReader(disk, file, disk.size(file));
    return reader.parse(reader.next()).getHead();
  }

  private SnapshotHead read(Optional<Consumer<SnapshotPart>> parts) throws IOException {
    SnapshotFrame first = parse(next());
    SnapshotHead head = first.getHead();
    boolean isKnown =
        head.getVersion() == SnapshotWriter.VERSION || head.getVersion() == WITHOUT_TIME;
    if (!first.hasHead() || !isKnown) {
      throw new RottenException(
          file + " is of version " + head.getVersion() + ", not " + SnapshotWriter.VERSION);
    }
    ByteBuffer message = next();
    if (beginsWith(COMPARISON_TAG, message)) {
      head = head.toBuilder().setComparison(parse(message).getComparison()).build();
      message = next();
    }
    while (beginsWith(PART_TAG, message)) {
      if (parts.isPresent()) {
        SnapshotPart part = parse(message).getPart();
        values += part.getValuesCount();
        sessions += part.getSessionsCount();
        parts.get().accept(part);
      }
      message = next();
    }
    SnapshotEnd end = parse(message).getEnd();
    boolean isCounted = end.getValues() == values && end.getSessions() == sessions;
    if ((parts.isPresent() && !isCounted) || offset != size) {
      throw new RottenException(file + " does not end as it should");
    }
    return head;
  }

  private static boolean beginsWith(byte tag, ByteBuffer message) {
    return message.hasRemaining() && message.get(message.position()) == tag;
  }

  /** The next frame, which is as it was written. */
  private ByteBuffer next() throws IOException {
    ByteBuffer head = read(SnapshotWriter.FRAME_HEAD_BYTES);
    int length = head.getInt();
    int checksum = head.getInt();
    if (length < 0 || length > FRAME_BYTES_MAX || length > size - offset) {
      throw new RottenException(file + " is cut off or damaged at byte " + offset);
    }
    ByteBuffer message = read(length);
    CRC32C over = beginsWith(COMPARISON_TAG, message) ? new CRC32C() : crc;
    over.update(message.duplicate());
    if ((int) over.getValue() != checksum) {
      throw new RottenException(file + " is damaged before byte " + offset);
    }
    return message;
  }

  private SnapshotFrame parse(ByteBuffer message) throws IOException {
    try {
      // The message shares the buffer's bytes: whoever gets a part copies what is to stay.
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(message).newCodedInput();
      in.enableAliasing(true);
      return SnapshotFrame.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new RottenException(file + " is damaged before byte " + offset);
    }
  }

  private ByteBuffer read(int count) throws IOException {
    if (count > size - offset) {
      throw new RottenException(file + " is cut off at byte " + size);
    }
    if (frame.capacity() < count) {
      frame = ByteBuffer.allocate(Math.max(count, 2 * frame.capacity()));
    }
    ByteBuffer bytes = frame.clear().limit(count);
    while (bytes.hasRemaining()) {
      if (disk.read(file, offset + bytes.position(), bytes) <= 0) {
        throw new RottenException(file + " is cut off at byte " + (offset + bytes.position()));
      }
    }
    offset += count;
    return bytes.flip();
  }
}
