package dev.paxoskv.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Leads the clients of several systems through the same turns, one system after the other, over and
 * over, so that a slow moment of the machine meets all of them. Of each system's turns the one with
 * the median throughput counts.
 */
@Command(name = "peer-bench", mixinStandardHelpOptions = true)
public final class PeerBench implements Callable<Integer> {
  @Option(names = "--in-flight", split = ",", defaultValue = "1,16,64,256,1024")
  private List<Integer> inFlight = List.of();

  @Option(names = "--value-size", defaultValue = "64")
  private int valueBytes;

  @Option(names = "--keys", defaultValue = "10000")
  private int keys;

  @Option(names = "--read-share", defaultValue = "0")
  private double readShare;

  @Option(names = "--seconds", defaultValue = "8", description = "Of one turn.")
  private int seconds;

  @Option(names = "--rounds", defaultValue = "3", description = "Turns of each for one load.")
  private int rounds;

  @Option(names = "--warm-up", defaultValue = "30", description = "Seconds for each system.")
  private int warmUp;

  @Option(names = "--svg", description = "Where the plot goes.")
  private Path svg = Path.of("bench.svg");

  @Option(names = "--logs", required = true, description = "Where the clients' logs go.")
  private Path logs = Path.of("");

  @Parameters(description = "Each: name, class path, class, servers, process ids; the first is us.")
  private List<String> systems = List.of();

  private PeerBench() {}

  public static void main(String[] args) {
    System.exit(new CommandLine(new PeerBench()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    List<Client> clients = new ArrayList<>();
    try {
      for (String system : systems) {
        clients.add(Client.start(logs, system));
      }
      Map<String, List<Row>> medians = play(clients);
      Results results = new Results(medians);
      results.lines().forEach(System.out::println);
      Files.writeString(svg, new Plot(medians).svg(), UTF_8);
      System.out.println("plot: " + svg);
      return 0;
    } finally {
      clients.forEach(Client::close);
    }
  }

  private Map<String, List<Row>> play(List<Client> clients) throws IOException {
    warm(clients);
    Map<String, List<Row>> medians = new LinkedHashMap<>();
    for (int count : inFlight) {
      Map<String, List<Row>> turns = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (Client client : clients) {
          Row row = client.play(turn(count, seconds));
          System.err.printf(
              "%-10s C=%-5d %8.0f/s p99 %.2f ms%n",
              client.name(), count, row.throughput(), row.p99());
          turns.computeIfAbsent(client.name(), name -> new ArrayList<>()).add(row);
        }
      }
      turns.forEach((name, rows) ->
          medians.computeIfAbsent(name, ignored -> new ArrayList<>()).add(Results.median(rows)));
    }
    return medians;
  }

  /** With each of the loads that are to come, in short turns one after the other. */
  private void warm(List<Client> clients) throws IOException {
    for (Client client : clients) {
      System.err.println("warming " + client.name() + " for " + warmUp + " s");
      for (int count : inFlight) {
        client.play(turn(count, Math.max(1, (warmUp + inFlight.size() - 1) / inFlight.size())));
      }
    }
  }

  private PeerLoad.Turn turn(int count, int time) {
    return new PeerLoad.Turn(count, valueBytes, keys, readShare, time * 1000L);
  }
}
