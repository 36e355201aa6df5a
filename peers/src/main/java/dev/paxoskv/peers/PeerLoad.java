package dev.paxoskv.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import dev.paxoskv.client.bench.LoadRunner;
import dev.paxoskv.client.bench.Report;
import dev.paxoskv.client.bench.Target;
import dev.paxoskv.peers.table.Row;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The client of one system, with the same engine for all. Arguments: name of the class, addresses
 * of the servers with commas, their process ids with commas. Each line that it reads is a turn,
 * each that it writes a {@link Row}. Its life is that of its input.
 */
public final class PeerLoad {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Peer peer;
  private final List<String> servers;
  private final List<Long> pids;
  private final List<? extends Target> usual;

  private PeerLoad(Peer peer, List<String> servers, List<Long> pids) throws Exception {
    this.peer = peer;
    this.servers = servers;
    this.pids = pids;
    this.usual = peer.connect(servers);
  }

  public static void main(String[] args) throws Exception {
    Peer peer =
        Class.forName(args[0]).asSubclass(Peer.class).getDeclaredConstructor().newInstance();
    List<Long> pids = Stream.of(args[2].split(",", -1))
        .filter(pid -> !pid.isEmpty())
        .map(Long::valueOf)
        .toList();
    PeerLoad load = new PeerLoad(peer, List.of(args[1].split(",", -1)), pids);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(load.play(new Gson().fromJson(line, Turn.class)).line());
    }
    // Some of the clients would keep their threads.
    System.exit(0);
  }

  private Row play(Turn turn) throws Exception {
    int connections = turn.cell().connections();
    if (connections == 0) {
      return turn.cell().inFlight() < usual.size()
          ? run(turn, List.of(new Rotation(usual)))
          : run(turn, usual);
    }
    List<? extends Target> many = peer.connect(servers, connections);
    try {
      return run(turn, many);
    } finally {
      many.forEach(Target::close);
    }
  }

  private Row run(Turn turn, List<? extends Target> targets) throws Exception {
    Map<String, Long> counted = turn.isWarmUp() ? Map.of() : peer.counted(pids);
    long begin = System.nanoTime();
    Usage before = Usage.now(pids, turn.idle());
    Report report = LoadRunner.run(targets, turn.load(), begin, PATIENCE, second -> {});
    Usage used = Usage.now(pids, turn.idle()).since(before);
    double micros = (System.nanoTime() - begin) / 1e3;
    double operations = Math.max(1, report.operations());
    Map<String, Double> each = new HashMap<>();
    if (!turn.isWarmUp()) {
      peer.counted(pids)
          .forEach((what, count) ->
              each.put(what, (count - counted.getOrDefault(what, 0L)) / operations));
    }
    each.put(Row.FLUSHES, used.flushes() / operations);
    long ofAll = used.client() + used.servers() + used.idle();
    return new Row(
        report.throughput(),
        report.millis(50),
        report.millis(99),
        report.millis(99.9),
        (used.client() - used.clientCompilers()) / operations,
        (used.servers() - used.serverCompilers()) / operations,
        (used.clientCompilers() + used.serverCompilers()) / operations,
        used.idle() / micros,
        (used.machine() - ofAll) / micros,
        each,
        report.errors());
  }
}
