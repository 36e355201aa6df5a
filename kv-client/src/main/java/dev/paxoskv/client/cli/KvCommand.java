package dev.paxoskv.client.cli;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.NotAppliedException;
import dev.paxoskv.client.OutcomeUnknownException;
import dev.paxoskv.client.ServerStatus;
import dev.paxoskv.paxos.BuildVersion;
import dev.paxoskv.proto.kv.Limit;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The {@code kv} program. Standard output carries results and nothing else; whatever goes wrong is
 * one line on standard error and an exit code that scripts can rely on.
 */
@Command(
    name = "kv",
    mixinStandardHelpOptions = true,
    versionProvider = KvCommand.Version.class,
    scope = ScopeType.INHERIT,
    description = "Reads and writes a PaxosKV store.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:key not found, or cas found another value",
      "2:bad usage",
      "3:outcome unknown",
      "4:not applied or unavailable"
    },
    footerHeading = "%nNotes:%n",
    footer = "A VALUE of - is read from standard input. Put -- before arguments that begin with -.")
public final class KvCommand implements Runnable {
  static final int DONE = 0;
  static final int NOT_FOUND = 1;
  static final int BAD_USAGE = 2;
  static final int OUTCOME_UNKNOWN = 3;
  static final int NOT_APPLIED = 4;

  private static final String SERVERS_VARIABLE = "KV_SERVERS";
  private static final String SERVERS_DEFAULT = "127.0.0.1:7001";
  private static final String STANDARD_INPUT = "-";
  private static final char UNREADABLE = '\uFFFD';

  private interface Write {
    void on(KvClient client, byte[] key, byte[] value);
  }

  /** A mistake of whoever typed the command; nothing was sent. */
  static final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  private final Surroundings around;

  @Option(
      names = "--servers",
      paramLabel = "HOST:PORT,...",
      scope = ScopeType.INHERIT,
      description =
          "Servers to ask, in this order; else $KV_SERVERS, else " + SERVERS_DEFAULT + ".")
  private Optional<String> servers = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      scope = ScopeType.INHERIT,
      converter = DurationConverter.class,
      description = "How long it may take in all: 500ms, 10s (the default), 2m.")
  private Duration timeout = ClientConfig.TIMEOUT_DEFAULT;

  private KvCommand(Surroundings around) {
    this.around = around;
  }

  public static void main(String[] args) {
    System.exit(run(Surroundings.ofProcess(), args));
  }

  /** All commands and their options, for whoever describes them. */
  public static CommandSpec spec() {
    return parser(new KvCommand(Surroundings.ofProcess())).getCommandSpec();
  }

  /** Runs one command; returns its exit code. */
  static int run(Surroundings around, String... args) {
    return parser(new KvCommand(around)).execute(args);
  }

  private static CommandLine parser(KvCommand command) {
    CommandLine parser = new CommandLine(command)
        .addSubcommand(new GetCommand(command))
        .addSubcommand(new DeleteCommand(command))
        .addSubcommand(new CasCommand(command))
        .addSubcommand(new ScanCommand(command))
        .addSubcommand(new ExplainCommand(command))
        .addSubcommand(new BenchCommand(command))
        .addSubcommand(new CheckCommand(command))
        .addSubcommand(new BackupCommand(command))
        .addSubcommand(new ShellCommand(command))
        .addSubcommand(new AutoComplete.GenerateCompletion());
    // A key or value that begins with @ is not a file of arguments.
    parser.setExpandAtFiles(false);
    parser.setOut(new PrintWriter(command.around.out(), true, StandardCharsets.UTF_8));
    parser.setParameterExceptionHandler((problem, ignored) -> command.misused(reason(problem)));
    parser.setExecutionExceptionHandler((problem, ignored, alsoIgnored) -> command.failed(problem));
    return parser;
  }

  private static String reason(ParameterException problem) {
    Optional<String> option = problem.getCommandLine().getUnmatchedArguments().stream()
        .findFirst()
        .filter(argument -> argument.startsWith("-"));
    if (option.isPresent()) {
      return "there is no option '" + option.get() + "'; put -- before a KEY or VALUE";
    }
    if (problem instanceof UnmatchedArgumentException extra) {
      String first = "'" + extra.getUnmatched().get(0) + "'";
      boolean isCommand = extra.getCommandLine().getParent() == null;
      return isCommand ? "there is no command " + first : first + " is one argument too many";
    }
    return String.valueOf(problem.getMessage());
  }

  /** Without a subcommand. */
  @Override
  public void run() {
    throw new UsageException("no command is named");
  }

  @Command(description = "Sets KEY to VALUE.")
  int put(
      @Parameters(paramLabel = "KEY") String key, @Parameters(paramLabel = "VALUE") String value) {
    return write(KvClient::put, key, value);
  }

  @Command(description = "Adds VALUE to the end of KEY's value; on a missing key the same as put.")
  int append(
      @Parameters(paramLabel = "KEY") String key, @Parameters(paramLabel = "VALUE") String value) {
    return write(KvClient::append, key, value);
  }

  @Command(description = "Tells how each server is; exit code 4 if none answers.")
  int status(@Option(names = "--json", description = "Prints one JSON document.") boolean isJson) {
    ClientConfig config = config();
    List<StatusReport.Row> rows = new ArrayList<>();
    try (KvClient client = KvClient.open(config)) {
      List<CompletableFuture<ServerStatus>> asked =
          config.servers().stream().map(client::statusOf).toList();
      for (int i = 0; i < asked.size(); i++) {
        rows.add(row(config.servers().get(i), asked.get(i)));
      }
    }
    List<String> lines = isJson ? List.of(StatusReport.json(rows)) : StatusReport.table(rows);
    lines.forEach(this::print);
    if (rows.stream().noneMatch(row -> row.status().isPresent())) {
      written();
      return complain(NOT_APPLIED, "not applied: no server answers; start them or name others");
    }
    return written();
  }

  private static StatusReport.Row row(String address, CompletableFuture<ServerStatus> asked) {
    try {
      return StatusReport.Row.answered(address, asked.join());
    } catch (CompletionException e) {
      String why = Optional.ofNullable(e.getCause()).orElse(e).getMessage();
      return StatusReport.Row.silent(address, String.valueOf(why));
    }
  }

  private int write(Write operation, String key, String value) {
    ClientConfig config = config();
    byte[] valueBytes = value(value);
    try (KvClient client = KvClient.open(config)) {
      operation.on(client, typed(key), valueBytes);
    }
    return DONE;
  }

  /** The bytes of a VALUE, from the input if it is {@code -}. */
  byte[] value(String argument) {
    return argument.equals(STANDARD_INPUT)
        ? around.input(Limit.VALUE_BYTES_MAX_VALUE)
        : typed(argument);
  }

  /** The bytes that were typed; a substitute for bytes that the locale lacks is no key. */
  byte[] typed(String argument) {
    if (argument.indexOf(UNREADABLE) >= 0) {
      throw new UsageException("an argument is no text in this locale, which has the charset "
          + around.arguments() + "; set LC_ALL=C.UTF-8, or write - to read VALUE from input");
    }
    return argument.getBytes(around.arguments());
  }

  ClientConfig config() {
    String list = servers.orElse(around.variables().getOrDefault(SERVERS_VARIABLE, ""));
    if (list.isEmpty() && servers.isEmpty()) {
      list = SERVERS_DEFAULT;
    }
    return new ClientConfig(Arrays.asList(list.split(",", -1)), timeout);
  }

  Surroundings around() {
    return around;
  }

  /** The words of another command that is to ask the same servers, for as long. */
  String[] inherited(List<String> words) {
    List<String> all = new ArrayList<>();
    servers.ifPresent(list -> all.add("--servers=" + list));
    all.add("--timeout=" + timeout.toMillis() + "ms");
    all.addAll(words);
    return all.toArray(String[]::new);
  }

  /** A line of results. */
  void print(String line) {
    around.out().print(line + "\n");
  }

  /** What is printed while a command runs, for whoever waits. */
  void progress(String line) {
    around.err().print(line + "\n");
    around.err().flush();
  }

  int benched(String result, boolean isAnyDone) {
    print(result);
    written();
    return isAnyDone ? DONE : complain(NOT_APPLIED, "not applied: no operation succeeded");
  }

  int written() {
    return around.out().checkError()
        ? complain(NOT_APPLIED, "not applied: cannot write to standard output")
        : DONE;
  }

  private int failed(Exception problem) {
    String message = String.valueOf(problem.getMessage());
    if (problem instanceof UsageException || problem instanceof IllegalArgumentException) {
      return misused(message);
    }
    if (problem instanceof NotAppliedException) {
      return complain(NOT_APPLIED, "not applied: " + message);
    }
    if (problem instanceof OutcomeUnknownException) {
      return complain(OUTCOME_UNKNOWN, "outcome unknown: " + message);
    }
    // Of a fault of the program itself nobody can say what it left behind.
    return complain(OUTCOME_UNKNOWN, "outcome unknown: internal error, please report: " + problem);
  }

  private int misused(String message) {
    return complain(BAD_USAGE, "kv: " + message + "; see kv --help");
  }

  /** Always one line, whatever a key or a server's reason contains. */
  int complain(int code, String message) {
    String line = message.replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
    around.err().print(line + "\n");
    around.err().flush();
    return code;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"kv " + BuildVersion.of(KvCommand.class)};
    }
  }
}
