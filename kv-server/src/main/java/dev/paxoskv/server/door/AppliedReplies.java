package dev.paxoskv.server.door;

import com.google.protobuf.CodedOutputStream;
import dev.paxoskv.paxos.net.wire.Frames;
import dev.paxoskv.proto.kv.Limit;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/**
 * The replies to writes that have taken effect, which are most of all, gathered as the bytes of a
 * ServerFrame: they say nothing but their number, and need no objects for it.
 */
final class AppliedReplies {
  /** Tags of the wire: replies of a ServerFrame, number and applied of a Reply. */
  private static final byte REPLIES = 1 << 3 | 2;

  private static final byte NUMBER = 1 << 3;
  private static final byte APPLIED = 2 << 3 | 2;

  /** Both tags of a Reply, and the length of an Applied, which is 0. */
  private static final int AROUND_NUMBER_BYTES = 3;

  /** With the tag and the length, which is one byte, of the Reply. */
  static final int REPLY_BYTES_MAX = 2 + AROUND_NUMBER_BYTES + 10;

  /** They leave room in their frame for a reply that is long. */
  private static final int BYTES_MAX = Limit.FRAME_BYTES_MAX_VALUE / 8;

  private byte[] bytes = new byte[REPLY_BYTES_MAX];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** Whether no more go into one frame. */
  boolean isFull() {
    return size + REPLY_BYTES_MAX > BYTES_MAX;
  }

  /** Adds the reply to the command {@code number}; returns how many bytes it takes. */
  int add(long number) {
    int before = size;
    if (bytes.length - size < REPLY_BYTES_MAX) {
      bytes = Arrays.copyOf(bytes, 2 * bytes.length + REPLY_BYTES_MAX);
    }
    put(REPLIES);
    put(AROUND_NUMBER_BYTES + CodedOutputStream.computeUInt64SizeNoTag(number));
    put(NUMBER);
    long left = number;
    while ((left & ~0x7fL) != 0) {
      put((int) (left & 0x7f) | 0x80);
      left >>>= 7;
    }
    put((int) left);
    put(APPLIED);
    put(0);
    return size - before;
  }

  private void put(int one) {
    bytes[size++] = (byte) one;
  }

  /** Empties this into a buffer, as one frame with {@code other}, and with its length before it. */
  ByteBuf take(ByteBufAllocator buffers, byte[] other) {
    int all = size + other.length;
    ByteBuf frame = buffers.ioBuffer(Frames.LENGTH_BYTES_MAX + all);
    Frames.putLength(all, frame);
    frame.writeBytes(bytes, 0, size).writeBytes(other);
    size = 0;
    return frame;
  }

  /** Drops all. */
  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }
}
