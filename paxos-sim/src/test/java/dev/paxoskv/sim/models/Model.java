package dev.paxoskv.sim.models;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One thing to ask TLC, and what it must find. The first lines of a configuration say so, for the
 * configuration as it stands and with one constant replaced; {@code Reads-hole.cfg} belongs to
 * {@code Reads.tla}.
 *
 * @param change {@code NAME = VALUE}, or empty
 * @param states how many different states there are, if no invariant fails
 * @param failing the invariant that must fail, or empty
 */
record Model(Path config, String change, long states, String failing, boolean isLong) {
  private static final Pattern EXPECTATION = Pattern.compile(
      "\\\\\\* (?:With (\\w+ = \\S+) expect|Expect) (?:(\\d+) states|(\\w+) to fail)\\.");
  private static final String LONG = "\\* Only with -Dpaxoskv.full=true.";

  /** All that the configurations in {@code directory} say, in a fixed order. */
  static List<Model> in(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      List<Model> models = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".cfg")).sorted().toList()) {
        models.addAll(of(file, Files.readAllLines(file)));
      }
      return models;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Model> of(Path file, List<String> lines) {
    List<Model> models = new ArrayList<>();
    for (String line : lines) {
      Matcher found = EXPECTATION.matcher(line);
      if (found.matches()) {
        long states = Optional.ofNullable(found.group(2)).map(Long::parseLong).orElse(0L);
        String change = Optional.ofNullable(found.group(1)).orElse("");
        String failing = Optional.ofNullable(found.group(3)).orElse("");
        models.add(new Model(file, change, states, failing, lines.contains(LONG)));
      } else if (line.matches("\\\\\\* (With|Expect) .*")) {
        throw new IllegalArgumentException(file + " expects something unheard of: " + line);
      }
    }
    return models;
  }

  Path specification() {
    String name = name().replaceFirst("-.*", ".tla");
    return config.resolveSibling(name);
  }

  private String name() {
    return config.getFileName().toString();
  }

  /** The configuration with its change made. */
  String text() throws IOException {
    String text = Files.readString(config);
    if (change.isEmpty()) {
      return text;
    }
    String constant = change.replaceFirst(" .*", "");
    String changed =
        text.replaceFirst("(?m)^  " + constant + " = .*$", Matcher.quoteReplacement("  " + change));
    if (changed.equals(text)) {
      throw new IllegalArgumentException(config + " is the same with " + change);
    }
    return changed;
  }

  @Override
  public String toString() {
    return name() + (change.isEmpty() ? "" : " with " + change);
  }
}
