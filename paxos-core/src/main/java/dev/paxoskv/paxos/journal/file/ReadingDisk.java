package dev.paxoskv.paxos.journal.file;

import dev.paxoskv.paxos.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A directory for whoever reads what others write, rename and delete meanwhile: a name means the
 * file that has it at this moment, and no file stays open. Any thread.
 */
final class ReadingDisk implements Disk {
  private final Path directory;
  private final FileDisk all;

  ReadingDisk(Path directory) {
    this.directory = directory;
    this.all = FileDisk.forReading(directory);
  }

  @Override
  public List<String> list() throws IOException {
    return all.list();
  }

  @Override
  public long size(String file) throws IOException {
    return all.size(file);
  }

  @Override
  public int read(String file, long offset, ByteBuffer into) throws IOException {
    try (FileChannel channel = FileChannel.open(directory.resolve(file), StandardOpenOption.READ)) {
      int total = 0;
      int count = 0;
      while (into.hasRemaining() && count >= 0) {
        count = channel.read(into, offset + total);
        total += Math.max(0, count);
      }
      return total;
    }
  }

  @Override
  public long free() throws IOException {
    return all.free();
  }

  @Override
  public void create(String file, long size) {
    throw new UnsupportedOperationException("for reading only: " + file);
  }

  @Override
  public void write(String file, long offset, ByteBuffer bytes) {
    throw new UnsupportedOperationException("for reading only: " + file);
  }

  @Override
  public void sync(String file) {
    throw new UnsupportedOperationException("for reading only: " + file);
  }

  @Override
  public void rename(String from, String to) {
    throw new UnsupportedOperationException("for reading only: " + from);
  }

  @Override
  public void delete(String file) {
    throw new UnsupportedOperationException("for reading only: " + file);
  }

  @Override
  public void syncDirectory() {
    throw new UnsupportedOperationException("for reading only");
  }
}
