package dev.paxoskv.server.door;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.server.machine.command.CommandReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Reads a write of one key where it stands in a frame, which is what most commands are, by the code
 * that applies it later. Whatever else there is goes to protobuf.
 */
final class PlainWrite extends ByteOutput {
  private final CommandReader reader = new CommandReader();
  private boolean isPlain;

  /** Whether the bytes are such a write, which the reader shows then. */
  boolean opens(ByteString command) {
    isPlain = false;
    try {
      UnsafeByteOperations.unsafeWriteTo(command, this);
    } catch (IOException e) {
      throw new UncheckedIOException("nothing here can fail to be written", e);
    }
    return isPlain;
  }

  CommandReader reader() {
    return reader;
  }

  /** Only looked at: nothing is kept of the array, and nothing changed. */
  @Override
  public void writeLazy(byte[] bytes, int from, int length) {
    isPlain = reader.opensOne(bytes, from, from + length) && reader.asked().isOnOneKey();
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    isPlain = false;
  }

  @Override
  public void write(byte value) {
    isPlain = false;
  }

  @Override
  public void write(ByteBuffer bytes) {
    isPlain = false;
  }

  @Override
  public void writeLazy(ByteBuffer bytes) {
    isPlain = false;
  }
}
