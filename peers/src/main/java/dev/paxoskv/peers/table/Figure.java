package dev.paxoskv.peers.table;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A figure of several rounds.
 *
 * @param median the lower of the two in the middle, if there are two
 */
record Figure(double median, double least, double most) {

  /** Of what was measured; empty if a round is missing or told nothing. */
  static Optional<Figure> of(List<Double> rounds) {
    if (rounds.isEmpty() || rounds.stream().anyMatch(each -> !Double.isFinite(each))) {
      return Optional.empty();
    }
    List<Double> sorted = rounds.stream().sorted().toList();
    return Optional.of(new Figure(
        sorted.get((sorted.size() - 1) / 2), sorted.get(0), sorted.get(sorted.size() - 1)));
  }

  /** The median, and in brackets how far the rounds lie apart. */
  String text() {
    return least == most
        ? number(median)
        : number(median) + " (" + number(least) + ".." + number(most) + ")";
  }

  /** Three digits that count, or more where they stand before the point. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    int digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }
}
