package dev.paxoskv.server.door.admin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the text format of Prometheus, version 0.0.4, and takes nothing that is not exactly so: a
 * family's lines stand together under one HELP and one TYPE, no sample is there twice, buckets rise
 * and end with {@code +Inf}, which is the count.
 */
final class PrometheusText {
  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final Pattern HEAD = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.*)");
  private static final Pattern SAMPLE =
      Pattern.compile("(" + NAME + ")(?:\\{(.*)})? ([^ ]+)(?: (-?\\d+))?");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\\n]|\\\\[\\\\n\"])*)\"(?:,|$)");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  /** One number. */
  record Sample(String name, Map<String, String> labels, double value) {}

  private final List<Sample> samples = new ArrayList<>();
  private final Map<String, String> types = new TreeMap<>();
  private final Set<String> helped = new HashSet<>();
  private final Set<String> closed = new HashSet<>();
  private String family = "";

  private PrometheusText() {}

  /**
   * Reads all of {@code text}.
   *
   * @throws IllegalArgumentException naming the line that is not of the format
   */
  static PrometheusText parse(String text) {
    PrometheusText parsed = new PrometheusText();
    require(text.endsWith("\n"), "the last line has no end");
    text.lines().filter(line -> !line.isEmpty()).forEach(parsed::line);
    parsed.checkHistograms();
    return parsed;
  }

  /** The names of all samples. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    samples.forEach(sample -> names.add(sample.name()));
    return names;
  }

  /** The one sample of that name that has these labels, given as name, value, and others. */
  double value(String name, String... labels) {
    List<Sample> found = samples.stream()
        .filter(sample -> sample.name().equals(name) && hasAll(sample, labels))
        .toList();
    require(found.size() == 1, found.size() + " samples of " + name + " " + List.of(labels));
    return found.get(0).value();
  }

  private static boolean hasAll(Sample sample, String... labels) {
    for (int i = 0; i < labels.length; i += 2) {
      if (!labels[i + 1].equals(sample.labels().get(labels[i]))) {
        return false;
      }
    }
    return true;
  }

  private void line(String line) {
    if (line.startsWith("#")) {
      Matcher head = HEAD.matcher(line);
      require(head.matches(), "not a head: " + line);
      open(head.group(2), line);
      boolean isNew = head.group(1).equals("HELP")
          ? helped.add(family)
          : types.put(family, head.group(3)) == null && TYPES.contains(head.group(3));
      require(isNew, "twice, or no type: " + line);
      return;
    }
    Matcher matcher = SAMPLE.matcher(line);
    require(matcher.matches(), "not a sample: " + line);
    String name = matcher.group(1);
    require(family.equals(familyOf(name)), name + " stands under " + family);
    Sample sample =
        new Sample(name, labels(matcher.group(2)), Double.parseDouble(number(matcher.group(3))));
    require(
        samples.stream()
            .noneMatch(s -> s.name().equals(name) && s.labels().equals(sample.labels())),
        "twice: " + line);
    require(
        !"counter".equals(types.get(family)) || sample.value() >= 0, "a counter below 0: " + line);
    samples.add(sample);
  }

  private void open(String name, String line) {
    if (!name.equals(family)) {
      closed.add(family);
      require(!closed.contains(name), "its family ended before: " + line);
      family = name;
    }
  }

  private static String number(String text) {
    return switch (text) {
      case "+Inf" -> "Infinity";
      case "-Inf" -> "-Infinity";
      default -> text;
    };
  }

  private String familyOf(String name) {
    String type = types.getOrDefault(family, "untyped");
    List<String> endings = switch (type) {
      case "histogram" -> List.of("_bucket", "_sum", "_count");
      case "summary" -> List.of("", "_sum", "_count");
      default -> List.of("");
    };
    return endings.stream()
        .filter(name::endsWith)
        .map(ending -> name.substring(0, name.length() - ending.length()))
        .filter(family::equals)
        .findFirst()
        .orElse("none of " + family);
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    Matcher matcher = LABEL.matcher(Optional.ofNullable(text).orElse(""));
    int end = 0;
    while (matcher.lookingAt()) {
      require(labels.put(matcher.group(1), matcher.group(2)) == null, "a label twice: " + text);
      end = matcher.end();
      matcher.region(end, matcher.regionEnd());
    }
    require(text == null || end == text.length(), "not labels: " + text);
    return labels;
  }

  private void checkHistograms() {
    types.forEach((name, type) -> {
      if (type.equals("histogram")) {
        checkHistogram(name);
      }
    });
  }

  private void checkHistogram(String name) {
    Map<Map<String, String>, List<Sample>> series = new LinkedHashMap<>();
    for (Sample sample : samples) {
      if (sample.name().equals(name + "_bucket")) {
        Map<String, String> rest = new TreeMap<>(sample.labels());
        require(rest.remove("le") != null, "a bucket without a bound: " + sample);
        series.computeIfAbsent(rest, r -> new ArrayList<>()).add(sample);
      }
    }
    series.forEach((labels, buckets) -> {
      double bound = Double.NEGATIVE_INFINITY;
      double count = 0;
      for (Sample bucket : buckets) {
        double next = Double.parseDouble(number(bucket.labels().get("le")));
        require(next > bound && bucket.value() >= count, "buckets do not rise: " + bucket);
        bound = next;
        count = bucket.value();
      }
      require(bound == Double.POSITIVE_INFINITY, name + " has no last bucket");
      double all = count;
      require(
          samples.stream()
              .anyMatch(s -> s.name().equals(name + "_count")
                  && s.labels().equals(labels)
                  && s.value() == all),
          name + " does not count what is in its buckets: " + labels);
    });
  }

  private static void require(boolean isSo, String otherwise) {
    if (!isSo) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
