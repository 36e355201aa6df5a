package dev.paxoskv.paxos.journal.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The files of a directory that stay open, by name. Not thread-safe. */
final class OpenFiles {
  private final TreeMap<String, FileChannel> channels = new TreeMap<>();

  Optional<FileChannel> get(String file) {
    return Optional.ofNullable(channels.get(file));
  }

  void put(String file, FileChannel channel) {
    channels.put(file, channel);
  }

  /** What was open under {@code from} is so under {@code to}, and what was there is closed. */
  void rename(String from, String to) throws IOException {
    close(to);
    FileChannel channel = channels.remove(from);
    if (channel != null) {
      channels.put(to, channel);
    }
  }

  void close(String file) throws IOException {
    FileChannel channel = channels.remove(file);
    if (channel != null) {
      channel.close();
    }
  }

  /**
   * Closes all, also those behind one that fails: a channel whose closing failed takes no more
   * writes either.
   *
   * @throws IOException the first failure, with the others
   */
  void closeAll() throws IOException {
    @Nullable IOException failure = null;
    for (String file : new ArrayList<>(channels.keySet())) {
      try {
        close(file);
      } catch (IOException e) {
        if (failure == null) {
          failure = new IOException("closing " + file + ": " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
