package dev.paxoskv.paxos.journal.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A file with which nothing works, its closing included. */
class FaultyFile extends FileChannel {
  private static IOException fault() {
    return new IOException("input/output error");
  }

  @Override
  protected void implCloseChannel() throws IOException {
    throw fault();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    throw fault();
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    throw fault();
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    throw fault();
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    throw fault();
  }

  @Override
  public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
    throw fault();
  }

  @Override
  public int write(ByteBuffer bytes, long position) throws IOException {
    throw fault();
  }

  @Override
  public long position() throws IOException {
    throw fault();
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    throw fault();
  }

  @Override
  public long size() throws IOException {
    throw fault();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    throw fault();
  }

  @Override
  public void force(boolean withMetaData) throws IOException {
    throw fault();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    throw fault();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    throw fault();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    throw fault();
  }

  @Override
  public FileLock lock(long position, long size, boolean isShared) throws IOException {
    throw fault();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean isShared) throws IOException {
    throw fault();
  }
}
