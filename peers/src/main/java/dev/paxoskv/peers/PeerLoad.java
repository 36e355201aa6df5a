package dev.paxoskv.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import dev.paxoskv.client.bench.Load;
import dev.paxoskv.client.bench.LoadRunner;
import dev.paxoskv.client.bench.Report;
import dev.paxoskv.client.bench.Target;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The client of one system, with the same engine for all. Arguments: name of the class, addresses
 * of the servers with commas, their process ids with commas. Each line that it reads is a turn,
 * each that it writes a {@link Row}. Its life is that of its input.
 */
public final class PeerLoad {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * What to do.
   *
   * @param millis for how long operations are begun
   */
  record Turn(int inFlight, int valueBytes, int keys, double readShare, long millis) {
    Load load() {
      return new Load(
          inFlight, valueBytes, keys, readShare, Duration.ofMillis(millis), OptionalDouble.empty());
    }
  }

  private final Peer peer;
  private final List<? extends Target> targets;
  private final List<Long> pids;

  private PeerLoad(Peer peer, List<? extends Target> targets, List<Long> pids) {
    this.peer = peer;
    this.targets = targets;
    this.pids = pids;
  }

  public static void main(String[] args) throws Exception {
    Peer peer =
        Class.forName(args[0]).asSubclass(Peer.class).getDeclaredConstructor().newInstance();
    List<Long> pids = Stream.of(args[2].split(",", -1)).map(Long::valueOf).toList();
    PeerLoad load = new PeerLoad(peer, peer.connect(List.of(args[1].split(",", -1))), pids);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(load.run(new Gson().fromJson(line, Turn.class)).line());
    }
    // Some of the clients would keep their threads.
    System.exit(0);
  }

  private Row run(Turn turn) throws IOException, InterruptedException {
    List<Long> own = List.of(ProcessHandle.current().pid());
    long client = -Cpu.micros(own);
    long servers = -Cpu.micros(pids);
    Map<String, Long> counted = new HashMap<>(peer.counted());
    long seed = System.nanoTime();
    Report report = LoadRunner.run(targets, turn.load(), seed, PATIENCE, second -> {});
    client += Cpu.micros(own);
    servers += Cpu.micros(pids);
    double operations = Math.max(1, report.operations());
    Map<String, Double> each = new HashMap<>();
    peer.counted()
        .forEach(
            (what, count) -> each.put(what, (count - counted.getOrDefault(what, 0L)) / operations));
    return new Row(
        turn.inFlight(),
        report.throughput(),
        report.millis(50),
        report.millis(99),
        report.millis(99.9),
        client / operations,
        servers / operations,
        each,
        report.errors());
  }
}
