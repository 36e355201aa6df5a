package dev.paxoskv.peers;

import dev.paxoskv.client.bench.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A floor: 4 KiB into a file that was filled before, and a sync. One at a time. */
final class BareSync implements Peer {
  private static final int BLOCK = 4096;
  private static final long FILE = 64L << 20;

  /**
   * Fills the file.
   *
   * @param servers one: the path of the file
   */
  @Override
  public List<Target> connect(List<String> servers) throws IOException {
    FileChannel file = FileChannel.open(
        Path.of(servers.get(0)), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    for (long at = 0; at < FILE; at += BLOCK) {
      file.write(block.clear(), at);
    }
    file.force(true);
    return List.of(new Log(file, block));
  }

  private static final class Log implements Target {
    private final FileChannel file;
    private final ByteBuffer block;
    private long at;

    Log(FileChannel file, ByteBuffer block) {
      this.file = file;
      this.block = block;
    }

    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      try {
        file.write(block.clear(), at);
        file.force(false);
      } catch (IOException e) {
        return CompletableFuture.failedFuture(e);
      }
      at = (at + BLOCK) % FILE;
      return CompletableFuture.completedFuture("synced");
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      throw new UnsupportedOperationException("nothing is read");
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
