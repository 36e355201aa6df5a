package dev.paxoskv.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The package, unpacked, and a Java runtime which is no development kit; the programs run with
 * nothing of this process's environment.
 */
final class Unpacked {
  /** What every runtime has. */
  private static final String MODULES = "java.se,jdk.unsupported";

  final Path directory;
  private final Path runtime;

  private Unpacked(Path directory, Path runtime) {
    this.directory = directory;
    this.runtime = runtime;
  }

  static Unpacked into(Path directory) throws IOException, InterruptedException {
    String archive = Optional.ofNullable(System.getProperty("paxoskv.package")).orElseThrow();
    perform("tar", "-xzf", archive, "-C", directory.toString());
    try (var found = Files.list(directory)) {
      List<Path> all = found.toList();
      assertThat(all).hasSize(1);
      return new Unpacked(all.get(0), runtime(directory.resolve("runtime")));
    }
  }

  private static Path runtime(Path directory) throws IOException, InterruptedException {
    String jlink = Path.of(System.getProperty("java.home"), "bin", "jlink").toString();
    perform(jlink, "--add-modules=" + MODULES, "--output", directory.toString());
    assertThat(directory.resolve("bin/java")).isExecutable();
    assertThat(directory.resolve("bin/javac")).doesNotExist();
    // The archive of the JDK's own classes, which those that are handed out bring along.
    perform(directory.resolve("bin/java").toString(), "-Xshare:dump", "-Xlog:disable");
    return directory;
  }

  private static void perform(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(command[0]).isTrue();
    assertThat(process.exitValue()).as(command[0]).isZero();
  }

  /** Where the program {@code name} is. */
  String program(String name) {
    return directory.resolve("bin").resolve(name).toString();
  }

  /** Starts a command in the directory. */
  Process start(Output output, Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectInput(new File("/dev/null"))
        .redirectOutput(output.out().toFile())
        .redirectError(output.err().toFile());
    builder.environment().clear();
    builder.environment().put("PATH", runtime.resolve("bin") + ":/usr/bin:/bin");
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Runs a program to its end. */
  Ended run(Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Output output = Output.in(directory, "run");
    Process process = start(output, environment, List.of(command));
    assertThat(process.waitFor(180, TimeUnit.SECONDS))
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
