package dev.paxoskv.peers.lead;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

/** Where a run was made. */
final class Machine {
  private Machine() {}

  /** What a reader must know of the run: how it was made, when and on what. */
  static List<String> describe(String how) throws IOException {
    String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown processor");
    return List.of(
        "- " + how,
        "- " + LocalDate.now(ZoneOffset.UTC) + ", " + Runtime.getRuntime().availableProcessors()
            + " cores (" + model + "), " + System.getProperty("os.name") + " "
            + System.getProperty("os.version") + ", Java " + Runtime.version());
  }
}
