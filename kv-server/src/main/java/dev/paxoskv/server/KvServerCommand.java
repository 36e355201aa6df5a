package dev.paxoskv.server;

import dev.paxoskv.paxos.BuildVersion;
import dev.paxoskv.paxos.Paxos;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import dev.paxoskv.server.logging.LogLevel;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * Starts a server from the command line. Exit code 0: stopped; 1: stopped for safety; 2: bad usage.
 */
@Command(
    name = "kv-server",
    mixinStandardHelpOptions = true,
    versionProvider = KvServerCommand.Version.class,
    sortOptions = false,
    subcommands = {InspectCommand.class, RestoreCommand.class},
    description = "Starts one server of the store. Flags may stand in a file: kv-server @FILE. A"
        + " flag that is not given comes from the environment: --data-dir from PAXOSKV_DATA_DIR.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped, as it was told to",
      "1:stopped for safety, or the data directory cannot be used",
      "2:bad flags, or a port that is taken",
      "3:out of memory"
    })
public final class KvServerCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(KvServerCommand.class);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else happens
  private CommandSpec spec;

  @Option(
      names = "--me",
      scope = ScopeType.INHERIT,
      paramLabel = "INDEX",
      description = "Own place in --peers, from 0.")
  private int me;

  @Option(
      names = "--peers",
      scope = ScopeType.INHERIT,
      split = ",",
      paramLabel = "HOST:PORT",
      description = "All servers, in the same order everywhere; alone at ${DEFAULT-VALUE} without.")
  private List<String> peers = List.of("127.0.0.1:7001");

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen; the own entry in --peers without.")
  private @Nullable String listen;

  @Option(
      names = "--dial",
      paramLabel = "INDEX=HOST:PORT",
      description = "Where to dial a server instead of at its entry in --peers.")
  private Map<Integer, String> dial = new TreeMap<>();

  @Option(
      names = "--data-dir",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description = "Where to keep the state; data/INDEX without.")
  private @Nullable Path dataDir;

  @Option(
      names = "--in-memory",
      description = "Keep the state in memory instead: a trial; a restart loses it.")
  private boolean inMemory;

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      description = "Where operators look in by HTTP, at the host of --listen: /livez, /readyz,"
          + " /metrics, /status. No such door without.")
  private @Nullable Integer adminPort;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "How much the log says: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} without.")
  private LogLevel logLevel = LogLevel.INFO;

  @Option(
      names = "--redis-port",
      paramLabel = "PORT",
      description = "Where clients that speak Redis's protocol come in, at the host of --listen. No"
          + " such door without.")
  private @Nullable Integer redisPort;

  /** Runs until the server stops; returns the exit code. */
  static int run(Map<String, String> environment, String... args) {
    Optional<String> missing = missingFlagFile(args);
    if (missing.isPresent()) {
      System.err.println("kv-server: " + missing.get());
      return CommandLine.ExitCode.USAGE;
    }
    EnvironmentFlags flags = new EnvironmentFlags(environment);
    CommandLine parser = new CommandLine(new KvServerCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setDefaultValueProvider(flags)
        .setParameterExceptionHandler((e, ignored) -> usage(e));
    List<String> unknown = flags.unknown(parser.getCommandSpec());
    if (!unknown.isEmpty()) {
      LOG.warn("no flag has the name of these variables, which are ignored: {}", unknown);
    }
    return parser.execute(args);
  }

  private static int usage(ParameterException e) {
    String firstLine = String.valueOf(e.getMessage()).lines().findFirst().orElse("bad usage");
    System.err.println("kv-server: " + firstLine + " (kv-server --help lists the flags)");
    return CommandLine.ExitCode.USAGE;
  }

  /**
   * Picocli takes {@code @FILE} for an ordinary word if the file is not there; say what is wrong
   * instead.
   */
  private static Optional<String> missingFlagFile(String[] args) {
    for (String arg : args) {
      boolean isFlagFile = arg.startsWith("@") && arg.length() > 1 && !arg.startsWith("@@");
      if (isFlagFile && !isReadableFile(Path.of(arg.substring(1)))) {
        return Optional.of(
            "the flag file " + arg.substring(1) + " is not there, or not a file that can be read");
      }
    }
    return Optional.empty();
  }

  private static boolean isReadableFile(Path path) {
    return Files.isRegularFile(path) && Files.isReadable(path);
  }

  @Override
  public Integer call() {
    logLevel.apply();
    KvServerConfig config = config();
    FileLimit.warning(config.doors().redis().isPresent() ? 2 : 1).ifPresent(LOG::warn);
    KvServer server;
    try {
      server = KvServer.open(config);
    } catch (UncheckedIOException e) {
      boolean isPort = e.getCause() instanceof SocketException;
      System.err.println("kv-server: " + e.getMessage()
          + (isPort ? "; choose another port or stop what uses it" : ""));
      return isPort ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    } catch (InvariantViolation e) {
      System.err.println("kv-server: stopped for safety: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalStateException e) {
      System.err.println("kv-server: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    return serve(server, config);
  }

  private static int serve(KvServer server, KvServerConfig config) {
    Thread hook = new Thread(() -> {
      server.close();
      LOG.info("server {} stopped", config.me());
      // The exit code of a stop that was asked for is 0, not that of the signal.
      Runtime.getRuntime().halt(0);
    });
    Runtime.getRuntime().addShutdownHook(hook);
    String place = config.dataDir().map(dir -> "keeps its state in " + dir).orElse("");
    if (place.isEmpty()) {
      LOG.warn(
          "server {} of {} serves at {}, in memory: a restart loses everything it knew",
          config.me(),
          config.peers().size(),
          config.listen());
    } else {
      LOG.info(
          "server {} of {} serves at {} and {}",
          config.me(),
          config.peers().size(),
          config.listen(),
          place);
    }
    try {
      server.stopped().join();
      return CommandLine.ExitCode.OK;
    } catch (RuntimeException e) {
      Runtime.getRuntime().removeShutdownHook(hook);
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** What the flags say. */
  KvServerConfig config() {
    if (dataDir != null && inMemory) {
      throw bad("--data-dir and --in-memory exclude each other");
    }
    try {
      List<Address> addresses = Paxos.addresses(peers, me);
      KvServerConfig config = KvServerConfig.of(addresses, me).withDial(dials(addresses.size()));
      config = listen == null ? config : config.withListen(Address.parse(listen));
      config = adminPort == null
          ? config
          : config.withDoors(config.doors().withAdmin(port("--admin-port", adminPort)));
      config = redisPort == null
          ? config
          : config.withDoors(config.doors().withRedis(port("--redis-port", redisPort)));
      return inMemory ? config : config.withDataDir(directory());
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  private static int port(String option, int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(option + " takes a port from 0 to 65535, not " + port);
    }
    return port;
  }

  private Path directory() {
    if (dataDir != null && dataDir.toString().isEmpty()) {
      throw bad("--data-dir= names no directory; leave it out for data/INDEX");
    }
    return dataDir == null ? Path.of("data", Integer.toString(me)) : dataDir;
  }

  private Map<Integer, Address> dials(int size) {
    Map<Integer, Address> addresses = new TreeMap<>();
    dial.forEach((peer, address) -> {
      if (peer < 0 || peer >= size || peer == me) {
        throw bad("--dial=" + peer + "=...: " + peer + " is not the index of another server");
      }
      addresses.put(peer, Address.parse(address));
    });
    return addresses;
  }

  private ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kv-server " + BuildVersion.of(KvServerCommand.class)};
    }
  }
}
