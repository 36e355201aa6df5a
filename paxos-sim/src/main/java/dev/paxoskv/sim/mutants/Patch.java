package dev.paxoskv.sim.mutants;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A unified diff, applied strictly: the lines that a hunk expects must stand in the file exactly as
 * they do in the patch, and in one place only. Line numbers are not looked at, so a patch survives
 * changes elsewhere in the file.
 *
 * @param hunks by the path of the file, in the order of the patch
 */
record Patch(Map<String, List<Hunk>> hunks) {

  /** Lines that are expected, and what comes in their place. */
  record Hunk(List<String> expected, List<String> replacement) {
    Hunk() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    private void add(String line) {
      String text = line.isEmpty() ? "" : line.substring(1);
      char kind = line.isEmpty() ? ' ' : line.charAt(0);
      if ("+- ".indexOf(kind) < 0) {
        throw new IllegalArgumentException("not a line of a patch: " + line);
      }
      if (kind != '+') {
        expected.add(text);
      }
      if (kind != '-') {
        replacement.add(text);
      }
    }

    private List<String> apply(String path, List<String> lines) {
      int at = Collections.indexOfSubList(lines, expected);
      if (at < 0 || at != Collections.lastIndexOfSubList(lines, expected)) {
        String found = at < 0 ? "not" : "more than once";
        throw new IllegalArgumentException(
            "these lines are " + found + " in " + path + ":\n" + String.join("\n", expected));
      }
      List<String> patched = new ArrayList<>(lines.subList(0, at));
      patched.addAll(replacement);
      patched.addAll(lines.subList(at + expected.size(), lines.size()));
      return patched;
    }
  }

  /** Reads a diff; what stands before its first file is a comment. */
  static Patch parse(String text) {
    Map<String, List<Hunk>> hunks = new LinkedHashMap<>();
    List<Hunk> ofFile = List.of();
    for (String line : text.lines().toList()) {
      if (line.startsWith("+++ ")) {
        ofFile = hunks.computeIfAbsent(line.substring(4).strip(), path -> new ArrayList<>());
      } else if (line.startsWith("@@")) {
        ofFile.add(new Hunk());
      } else if (!line.startsWith("--- ") && !ofFile.isEmpty()) {
        ofFile.get(ofFile.size() - 1).add(line);
      }
    }
    if (hunks.isEmpty() || hunks.containsValue(List.of())) {
      throw new IllegalArgumentException("a patch without a change");
    }
    return new Patch(hunks);
  }

  /** The files after the change, by path, given what they are before. */
  Map<String, String> apply(UnaryOperator<String> readFile) {
    Map<String, String> patched = new LinkedHashMap<>();
    hunks.forEach((path, ofFile) -> {
      List<String> lines = readFile.apply(path).lines().toList();
      for (Hunk hunk : ofFile) {
        lines = hunk.apply(path, lines);
      }
      patched.put(path, String.join("\n", lines) + "\n");
    });
    return patched;
  }
}
