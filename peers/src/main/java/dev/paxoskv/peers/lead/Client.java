package dev.paxoskv.peers.lead;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import dev.paxoskv.peers.PeerLoad;
import dev.paxoskv.peers.Turn;
import dev.paxoskv.peers.Usage;
import dev.paxoskv.peers.table.Row;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process of {@link PeerLoad}, as the one that leads sees it. */
final class Client implements AutoCloseable {
  private static final Gson GSON = new Gson();

  private final String name;
  private final Process process;
  private final List<Long> pids = new ArrayList<>();
  private final PrintStream to;
  private final BufferedReader from;

  private Client(String name, String servers, Process process) {
    this.name = name;
    this.process = process;
    pids.add(process.pid());
    Stream.of(servers.split(",", -1))
        .filter(pid -> !pid.isEmpty())
        .map(Long::valueOf)
        .forEach(pids::add);
    this.to = new PrintStream(process.getOutputStream(), true, UTF_8);
    this.from = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /**
   * Starts one.
   *
   * @param logs where what it complains of goes
   * @param what name, class path, class, servers and process ids, with spaces between
   */
  static Client start(Path logs, String what) throws IOException {
    String[] parts = what.split(" ", -1);
    List<String> command = List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-Xmx512m",
        "-XX:+UseSerialGC",
        // The RPC of SOFAJRaft looks into strings, and is slower where it may not.
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "-cp",
        parts[1],
        PeerLoad.class.getName(),
        parts[2],
        parts[3],
        parts[4]);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(logs.resolve(parts[0] + "-client.log").toFile());
    return new Client(parts[0], parts[4], builder.start());
  }

  String name() {
    return name;
  }

  /** Its own process and those of its servers. */
  List<Long> pids() {
    return pids;
  }

  int servers() {
    return pids.size() - 1;
  }

  /** CPU time of all of these so far, in microseconds. */
  long micros() throws IOException {
    return Usage.processes(pids);
  }

  /** Has it play one turn. Whatever else it prints, its logs for instance, is passed over. */
  Row play(Turn turn) throws IOException {
    to.println(GSON.toJson(turn));
    String line = from.readLine();
    while (line != null && !line.startsWith("{")) {
      line = from.readLine();
    }
    if (line == null) {
      throw new IOException(name + ": its client has ended");
    }
    return Row.parse(line);
  }

  @Override
  public void close() {
    to.close();
    process.destroy();
  }
}
