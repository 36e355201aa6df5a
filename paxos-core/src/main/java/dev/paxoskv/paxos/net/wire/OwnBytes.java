package dev.paxoskv.paxos.net.wire;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The bytes of a byte string, without a copy if an array holds just them: so it is with what was
 * parsed. Neither may be changed afterwards.
 */
final class OwnBytes extends ByteOutput {
  private byte[] found = new byte[0];

  private OwnBytes() {}

  static byte[] of(ByteString bytes) {
    OwnBytes own = new OwnBytes();
    try {
      UnsafeByteOperations.unsafeWriteTo(bytes, own);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Of a string of several pieces each was added by itself.
    return own.found;
  }

  @Override
  public void writeLazy(byte[] bytes, int offset, int length) {
    boolean isWhole = found.length == 0 && offset == 0 && length == bytes.length;
    found = isWhole ? bytes : added(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    found = added(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  public void write(byte one) {
    found = added(ByteBuffer.wrap(new byte[] {one}));
  }

  @Override
  public void write(ByteBuffer bytes) {
    found = added(bytes);
  }

  @Override
  public void writeLazy(ByteBuffer bytes) {
    found = added(bytes);
  }

  private byte[] added(ByteBuffer more) {
    int size = found.length;
    byte[] all = Arrays.copyOf(found, size + more.remaining());
    more.get(all, size, more.remaining());
    return all;
  }
}
