package dev.paxoskv.client.cli;

import com.google.gson.GsonBuilder;
import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.bench.Load;
import dev.paxoskv.client.bench.LoadRunner;
import dev.paxoskv.client.bench.Report;
import dev.paxoskv.client.bench.Target;
import dev.paxoskv.client.bench.Tokens;
import dev.paxoskv.client.group.ClientGroup;
import dev.paxoskv.client.history.Recorder;
import dev.paxoskv.paxos.journal.file.FileTrouble;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code kv bench}. */
@Command(
    name = "bench",
    description = {
      "Puts a load on the servers and tells how they answer. WRITES the keys key-000000000000 and"
          + " on.",
      "Connection i begins with server i of --servers, so that all servers share the load; name one"
          + " server to have it at that one."
    })
final class BenchCommand implements Callable<Integer> {
  private static final long SEED = 1;

  private final KvCommand kv;

  @Option(
      names = "--in-flight",
      paramLabel = "C",
      description = "Operations at the same time, over all connections; 64 unless given.")
  private int inFlight = 64;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Connections, each with a client of its own; one a server unless given.")
  private Optional<Integer> connections = Optional.empty();

  @Option(
      names = "--value-size",
      paramLabel = "B",
      description = "Bytes of each value; 64 unless given.")
  private int valueBytes = 64;

  @Option(names = "--keys", paramLabel = "K", description = "Number of keys; 10000 unless given.")
  private int keys = 10_000;

  @Option(
      names = "--read-share",
      paramLabel = "0..1",
      description = "Which part of the operations are gets; 0 unless given.")
  private double readShare;

  @Option(
      names = "--duration",
      paramLabel = "S",
      converter = DurationConverter.Seconds.class,
      description = "Seconds during which operations are begun, or 2m; 10 unless given.")
  private double seconds = 10;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description =
          "Begins R operations a second, whether or not others have ended; latencies count from the"
              + " time at which each was to begin. Without it each operation that ends begins the"
              + " next.")
  private Optional<Double> rate = Optional.empty();

  @Option(names = "--json", description = "Prints the result as one JSON document.")
  private boolean isJson;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Also writes a row for each second to FILE.")
  private Optional<Path> csv = Optional.empty();

  @Option(
      names = "--record",
      paramLabel = "FILE",
      description =
          "Also writes what was asked and answered to FILE, for kv check; every put then has a"
              + " value of its own, of 16 bytes or more, and before the load every key is put once:"
              + " what the keys held before is not in FILE.")
  private Optional<Path> record = Optional.empty();

  BenchCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() throws InterruptedException {
    ClientConfig config = kv.config();
    if (record.isPresent() && valueBytes < Tokens.BYTES_MIN) {
      throw new IllegalArgumentException(
          "--record needs a --value-size of " + Tokens.BYTES_MIN + " or more, not " + valueBytes);
    }
    int count = connections.orElse(config.servers().size());
    Load load = load();
    requireRoom(load, count);
    try (Rows rows = Rows.open(csv);
        Recording recording = Recording.open(record);
        Connections open = Connections.open(config, recording, count)) {
      if (record.isPresent()) {
        writeEach(open.targets(), load);
      }
      Seconds seconds = new Seconds(rows);
      Report report = LoadRunner.run(open.targets(), load, SEED, config.timeout(), seconds);
      return kv.benched(isJson ? json(report) : report.text(), report.operations() > 0);
    } catch (UncheckedIOException e) {
      return kv.complain(KvCommand.NOT_APPLIED, "not applied: " + e.getMessage());
    }
  }

  private static IllegalArgumentException unwritable(Path file, IOException e) {
    return new IllegalArgumentException("cannot write " + file + ": " + FileTrouble.why(e), e);
  }

  private static void writeEach(List<Target> targets, Load load) {
    try {
      LoadRunner.writeEach(targets, load);
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException why ? why : e;
    }
  }

  private static String json(Report report) {
    return new GsonBuilder().setPrettyPrinting().create().toJson(report.json());
  }

  private Load load() {
    if (!(seconds > 0 && seconds <= Duration.ofHours(24).toSeconds())) {
      throw new IllegalArgumentException("--duration must be above 0 and up to 86400 seconds");
    }
    OptionalDouble perSecond = rate.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    Duration duration = Duration.ofMillis(Math.max(1, Math.round(seconds * 1000)));
    return new Load(inFlight, valueBytes, keys, readShare, duration, perSecond);
  }

  /** What a client would refuse is told before anything is sent. */
  private static void requireRoom(Load load, int count) {
    if (count < 1 || count > load.inFlight()) {
      throw new IllegalArgumentException(
          "--connections must be 1 to --in-flight, which is " + load.inFlight() + ", not " + count);
    }
    int each = (load.inFlight() + count - 1) / count;
    if (each > KvClient.IN_FLIGHT_MAX) {
      throw new IllegalArgumentException("--in-flight may be " + KvClient.IN_FLIGHT_MAX
          + " for each connection; add --connections=" + ceil(load.inFlight()));
    }
    if ((long) each * load.valueBytes() > KvClient.IN_FLIGHT_BYTES_MAX / 2) {
      throw new IllegalArgumentException("values in flight of a connection may be "
          + KvClient.IN_FLIGHT_BYTES_MAX / 2 + " bytes; lower --in-flight or --value-size");
    }
  }

  private static int ceil(int inFlight) {
    return (inFlight + KvClient.IN_FLIGHT_MAX - 1) / KvClient.IN_FLIGHT_MAX;
  }

  /** Tells each second how it was: people at once, and the file. */
  private final class Seconds implements Consumer<Report> {
    private final Rows rows;
    private long second;

    Seconds(Rows rows) {
      this.rows = rows;
    }

    @Override
    public void accept(Report report) {
      second += Math.round(report.seconds());
      kv.progress(report.line(second));
      rows.add(report.row(second));
    }
  }

  /** The file for {@code --csv}, or nothing. */
  private record Rows(Optional<PrintWriter> file) implements AutoCloseable {
    static Rows open(Optional<Path> csv) {
      if (csv.isEmpty()) {
        return new Rows(Optional.empty());
      }
      try {
        Rows rows = new Rows(Optional.of(new PrintWriter(Files.newBufferedWriter(csv.get()))));
        rows.add(Report.heading());
        return rows;
      } catch (IOException e) {
        throw unwritable(csv.get(), e);
      }
    }

    void add(String row) {
      file.ifPresent(to -> to.print(row + "\n"));
    }

    @Override
    public void close() {
      boolean isCut = file.isPresent() && file.get().checkError();
      file.ifPresent(PrintWriter::close);
      if (isCut) {
        IOException why = new IOException("the rows of --csv are not whole: cannot write them");
        throw new UncheckedIOException(String.valueOf(why.getMessage()), why);
      }
    }
  }

  private record Connections(ClientGroup group, List<Target> targets) implements AutoCloseable {
    /** The servers in turn: connection i asks server i first, and the ones behind it next. */
    static Connections open(ClientConfig config, Recording recording, int count) {
      // A thread for two processors, as whoever is measured may need the others.
      int half = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
      ClientGroup group = new ClientGroup(Math.min(ClientGroup.THREADS_MAX, Math.min(count, half)));
      List<Target> targets = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        List<String> servers = new ArrayList<>(config.servers());
        Collections.rotate(servers, -(i % servers.size()));
        ClientConfig own = recording.of(new ClientConfig(servers, config.timeout()));
        targets.add(new Store(group.open(own), recording.tokens()));
      }
      return new Connections(group, targets);
    }

    @Override
    public void close() {
      group.close();
    }
  }

  /** The file for {@code --record}, or nothing. */
  private record Recording(Optional<Recorder> recorder, Optional<Tokens> tokens)
      implements AutoCloseable {
    static Recording open(Optional<Path> file) {
      if (file.isEmpty()) {
        return new Recording(Optional.empty(), Optional.empty());
      }
      try {
        return new Recording(Optional.of(Recorder.to(file.get())), Optional.of(new Tokens()));
      } catch (IOException e) {
        throw unwritable(file.get(), e);
      }
    }

    ClientConfig of(ClientConfig config) {
      return recorder.map(config::recordedBy).orElse(config);
    }

    @Override
    public void close() {
      recorder.ifPresent(Recorder::close);
    }
  }

  private record Store(KvClient client, Optional<Tokens> tokens) implements Target {
    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      byte[] own = tokens.map(each -> each.next(value.length)).orElse(value);
      return client.putAsync(key, own);
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      return client.getAsync(key);
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
