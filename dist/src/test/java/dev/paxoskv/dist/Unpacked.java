package dev.paxoskv.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The package, unpacked; its programs run with nothing of this process's environment, and with the
 * modules only that a Java runtime has which is no development kit.
 */
final class Unpacked {
  private static final String RUNTIME_ONLY = "--limit-modules=java.se,jdk.unsupported";

  final Path directory;

  private Unpacked(Path directory) {
    this.directory = directory;
  }

  static Unpacked into(Path directory) throws IOException, InterruptedException {
    String archive = Optional.ofNullable(System.getProperty("paxoskv.package")).orElseThrow();
    Process tar = new ProcessBuilder("tar", "-xzf", archive, "-C", directory.toString())
        .inheritIO()
        .start();
    assertThat(tar.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(tar.exitValue()).isZero();
    try (var found = Files.list(directory)) {
      List<Path> all = found.toList();
      assertThat(all).hasSize(1);
      return new Unpacked(all.get(0));
    }
  }

  /** Starts a program; what it prints goes to {@code out} and {@code err}. */
  Process start(Output output, Map<String, String> environment, List<String> command)
      throws IOException {
    List<String> words = new ArrayList<>(command);
    words.set(0, directory.resolve("bin").resolve(command.get(0)).toString());
    ProcessBuilder builder = new ProcessBuilder(words)
        .directory(directory.toFile())
        .redirectOutput(output.out().toFile())
        .redirectError(output.err().toFile());
    builder.environment().clear();
    builder
        .environment()
        .putAll(Map.of(
            "PATH",
            "/usr/bin:/bin",
            "JAVA_HOME",
            System.getProperty("java.home"),
            "KV_JAVA_OPTS",
            RUNTIME_ONLY + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "KV_SERVER_JAVA_OPTS",
            RUNTIME_ONLY + " -Xmx256m -XX:+UseSerialGC"));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Runs a program to its end. */
  Ended run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Output output = Output.in(directory, "run");
    Process process = start(output, environment, List.of(command));
    assertThat(process.waitFor(60, TimeUnit.SECONDS))
        .as(String.join(" ", command))
        .isTrue();
    return new Ended(
        process.exitValue(), Files.readString(output.out()), Files.readString(output.err()));
  }

  /** Where a process prints to. */
  record Output(Path out, Path err) {
    static Output in(Path directory, String name) {
      return new Output(directory.resolve(name + ".out"), directory.resolve(name + ".err"));
    }
  }

  record Ended(int code, String out, String err) {}
}
