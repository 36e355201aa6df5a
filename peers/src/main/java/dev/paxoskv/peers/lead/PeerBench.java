package dev.paxoskv.peers.lead;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.peers.table.Cell;
import dev.paxoskv.peers.table.Comparison;
import dev.paxoskv.peers.table.Failover;
import dev.paxoskv.peers.table.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Leads the clients of several systems through the same turns, one system after the other, over and
 * over, so that a slow moment of the machine meets all of them, and prints what came of it.
 */
@Command(name = "peer-bench", mixinStandardHelpOptions = true)
public final class PeerBench implements Callable<Integer> {
  @Option(names = "--cells", split = ",", description = "Loads; all unless given.")
  private List<Cell> cells = List.of(Cell.values());

  @Option(names = "--seconds", defaultValue = "8", description = "Of one turn.")
  private int seconds;

  @Option(names = "--rounds", defaultValue = "3", description = "Turns of each under each load.")
  private int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "60",
      description = "Seconds for each system of three.")
  private int warmUp;

  @Option(names = "--quick", description = "Says in the result that it is no measurement.")
  private boolean isQuick;

  @Option(names = "--svg", description = "Where the plot goes.")
  private Path svg = Path.of("bench.svg");

  @Option(names = "--out", description = "Where the result goes, besides standard output.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--failover", description = "What scripts/failover wrote.")
  private Optional<Path> failover = Optional.empty();

  @Option(names = "--missing", description = "A system that is not there, and what installs it.")
  private List<String> missing = List.of();

  @Option(names = "--logs", required = true, description = "Where the clients' logs go.")
  private Path logs = Path.of("");

  @Parameters(description = "Each: name, class path, class, servers, process ids.")
  private List<String> systems = List.of();

  private PeerBench() {}

  public static void main(String[] args) {
    // --quick stands for some of the others, of which each may be given besides.
    System.exit(
        new CommandLine(new PeerBench()).setOverwrittenOptionsAllowed(true).execute(args));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<Failover> gaps = Optional.empty();
    if (failover.isPresent()) {
      gaps = Failover.parse(Files.readString(failover.get()));
    }
    Comparison comparison = play();
    Results results = new Results(comparison, gaps, Machine.describe(how()), missing);
    String text = String.join("\n", results.lines()) + "\n";
    System.out.print(text);
    if (out.isPresent()) {
      Files.writeString(out.get(), text, UTF_8);
    }
    Files.writeString(svg, results.svg(), UTF_8);
    System.out.println("plot: " + svg);
    return 0;
  }

  private Comparison play() throws IOException, InterruptedException {
    List<Client> clients = new ArrayList<>();
    try {
      for (String system : systems) {
        clients.add(Client.start(logs, system));
      }
      Schedule schedule = new Schedule(clients, cells);
      schedule.warm(warmUp * 1000L);
      return schedule.play(rounds, seconds * 1000L);
    } finally {
      clients.forEach(Client::close);
    }
  }

  private String how() {
    return String.format(
        "%s%d rounds in which each system takes turns of %d s, each warmed once for %d s,"
            + " more than three servers in proportion",
        isQuick ? "QUICK RUN, not to be held against the targets: " : "", rounds, seconds, warmUp);
  }
}
