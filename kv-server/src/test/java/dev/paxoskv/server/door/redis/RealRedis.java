package dev.paxoskv.server.door.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A {@code redis-server} in memory, to compare with. */
final class RealRedis implements AutoCloseable {
  private final int port;
  private final Process process;

  /** Starts it; its log goes into {@code directory}. */
  RealRedis(Path directory) throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    process = new ProcessBuilder(
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--save",
            "",
            "--dir",
            directory.toString())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("log").toFile())
        .start();
  }

  /** Whether there is one on this machine; says so if not. */
  static boolean isInstalled() {
    boolean isThere = Arrays.stream(
            System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(directory -> new File(directory, "redis-server").canExecute());
    if (!isThere) {
      System.out.println("skipped: there is no redis-server here; apt-get install redis-server");
    }
    return isThere;
  }

  /** A connection to it, once it is up. */
  RespClient client() {
    return await().ignoreExceptions().until(() -> new RespClient(port), open -> true);
  }

  @Override
  public void close() {
    process.destroy();
    assertThat(process.onExit()).succeedsWithin(20, TimeUnit.SECONDS);
  }
}
