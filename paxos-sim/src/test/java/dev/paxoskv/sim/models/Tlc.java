package dev.paxoskv.sim.models;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs TLC, the model checker of TLA+, in a process of its own: it ends its process when it has
 * done, and writes files wherever it is.
 */
final class Tlc {
  private static final Pattern INVARIANT = Pattern.compile("Error: Invariant (\\w+) is violated");
  private static final Pattern STATES =
      Pattern.compile("(?m)^\\d+ states generated, (\\d+) distinct states found, 0 states left");

  /**
   * @param states different states, if all were visited; else 0
   * @param failing the invariant that does not hold, or empty
   */
  record Answer(String output, long states, String failing) {}

  private Tlc() {}

  /** Asks about {@code model}, with all files in {@code directory}, for at most so long. */
  static Answer ask(Model model, Path directory, int minutes)
      throws IOException, InterruptedException {
    Path specification = model.specification();
    Files.copy(specification, directory.resolve(specification.getFileName()));
    Files.writeString(directory.resolve("model.cfg"), model.text());
    Path output = directory.resolve("output");
    Process process = new ProcessBuilder(command(model, directory))
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
    try {
      if (!process.waitFor(minutes, TimeUnit.MINUTES)) {
        throw new AssertionError(model + ": not done after " + minutes + " minutes");
      }
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(output);
    return new Answer(text, states(text), first(INVARIANT.matcher(text)));
  }

  private static List<String> command(Model model, Path directory) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // A run that ends at a fault is over before the better compiler pays.
    command.addAll(
        model.failing().isEmpty()
            ? List.of("-XX:+UseParallelGC")
            : List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // The home directory, as else it would keep files in the real one.
    command.addAll(List.of("-Xmx1g", "-Duser.home=" + directory, "-Djava.io.tmpdir=" + directory));
    command.addAll(List.of("-cp", jar().toString(), "tlc2.TLC", "-workers", "2"));
    command.addAll(List.of("-metadir", directory.resolve("states").toString()));
    command.addAll(List.of("-config", "model.cfg"));
    command.add(model.specification().getFileName().toString());
    return command;
  }

  private static Path jar() {
    try {
      Class<?> tlc = Class.forName("tlc2.TLC", false, Tlc.class.getClassLoader());
      return Path.of(tlc.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (ClassNotFoundException | URISyntaxException e) {
      throw new IllegalStateException("TLC is not among the test dependencies", e);
    }
  }

  private static long states(String output) {
    String found = first(STATES.matcher(output));
    return found.isEmpty() ? 0 : Long.parseLong(found);
  }

  private static String first(Matcher matcher) {
    return matcher.find() ? matcher.group(1) : "";
  }
}
