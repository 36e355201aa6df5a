package dev.paxoskv.client.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The {@code kv} program, run in this process against given servers. */
final class Shell {
  private final String servers;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  Shell(String servers) {
    this.servers = servers;
  }

  /** Runs one command; returns its exit code. */
  int kv(String... arguments) {
    return kvWithInput("", arguments);
  }

  int kvWithInput(String input, String... arguments) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>();
    all.add("--servers=" + servers);
    all.addAll(List.of(arguments));
    Surroundings around = new Surroundings(
        new ByteArrayInputStream(input.getBytes(UTF_8)),
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8),
        false,
        UTF_8,
        Map.of());
    return KvCommand.run(around, all.toArray(String[]::new));
  }

  /** What the last command printed. */
  String out() {
    return out.toString(UTF_8);
  }

  /** What it complained about. */
  String err() {
    return err.toString(UTF_8);
  }
}
