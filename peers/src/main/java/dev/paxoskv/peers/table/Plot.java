package dev.paxoskv.peers.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Throughput against p99, both on scales of powers of ten, a line for each system and a point for
 * each load of puts.
 *
 * @param lines the points of each system
 */
record Plot(Map<String, List<Point>> lines) {
  /** A load, with medians. */
  record Point(int inFlight, double throughput, double p99) {}

  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int MARGIN = 70;
  private static final List<String> COLOURS =
      List.of("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#7f7f7f", "#ff7f0e");

  Plot(Comparison comparison) {
    this(points(comparison));
  }

  private static Map<String, List<Point>> points(Comparison comparison) {
    Map<String, List<Point>> lines = new LinkedHashMap<>();
    for (String system : comparison.systems()) {
      List<Point> points = new ArrayList<>();
      for (Cell cell : Cell.PUTS) {
        Optional<Figure> throughput = comparison.figure(system, cell, Row::throughput);
        Optional<Figure> p99 = comparison.figure(system, cell, Row::p99);
        if (throughput.isPresent() && p99.isPresent()) {
          points.add(
              new Point(cell.inFlight(), throughput.get().median(), p99.get().median()));
        }
      }
      // One point is no line: a floor, or a system that was put under one load only.
      if (points.size() > 1) {
        lines.put(system, points);
      }
    }
    return lines;
  }

  /** One direction: powers of ten from {@code low} to {@code high}, in pixels. */
  private record Axis(int low, int high, int from, int to) {
    static Axis of(
        Map<String, List<Point>> lines, ToDoubleFunction<Point> value, int from, int to) {
      double least = Double.MAX_VALUE;
      double most = Double.MIN_VALUE;
      for (List<Point> each : lines.values()) {
        for (Point row : each) {
          double at = Math.max(1e-3, value.applyAsDouble(row));
          least = Math.min(least, at);
          most = Math.max(most, at);
        }
      }
      int low = (int) Math.floor(Math.log10(least));
      int high = Math.max(low + 1, (int) Math.ceil(Math.log10(most)));
      return new Axis(low, high, from, to);
    }

    double at(double value) {
      double part = (Math.log10(Math.max(1e-3, value)) - low) / (high - low);
      return from + part * (to - from);
    }
  }

  String svg() {
    Axis across = Axis.of(lines, Point::throughput, MARGIN, WIDTH - MARGIN);
    Axis up = Axis.of(lines, Point::p99, HEIGHT - MARGIN, MARGIN);
    StringBuilder svg = new StringBuilder(String.format(
        Locale.ROOT,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
            + " font-family=\"sans-serif\" font-size=\"13\">%n"
            + "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
        WIDTH,
        HEIGHT));
    grid(svg, across, up);
    int number = 0;
    for (Map.Entry<String, List<Point>> system : lines.entrySet()) {
      String colour = COLOURS.get(number % COLOURS.size());
      line(svg, system.getValue(), colour, across, up);
      text(svg, MARGIN + 12, MARGIN + 18 * ++number, colour, system.getKey());
    }
    return svg.append("</svg>\n").toString();
  }

  private static void grid(StringBuilder svg, Axis across, Axis up) {
    for (int power = across.low(); power <= across.high(); power++) {
      double x = across.at(Math.pow(10, power));
      stroke(svg, x, MARGIN, x, HEIGHT - MARGIN);
      text(svg, x - 10, HEIGHT - MARGIN + 18, "black", "1e" + power);
    }
    for (int power = up.low(); power <= up.high(); power++) {
      double y = up.at(Math.pow(10, power));
      stroke(svg, MARGIN, y, WIDTH - MARGIN, y);
      text(svg, MARGIN - 40, y + 4, "black", "1e" + power);
    }
    text(svg, WIDTH / 2.0 - 60, HEIGHT - 20, "black", "operations a second");
    text(svg, 10, MARGIN - 20, "black", "p99, ms");
  }

  private static void stroke(StringBuilder svg, double x1, double y1, double x2, double y2) {
    svg.append(String.format(
        Locale.ROOT,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
        x1,
        y1,
        x2,
        y2));
  }

  private static void text(StringBuilder svg, double x, double y, String colour, String text) {
    svg.append(String.format(
        Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>%n", x, y, colour, text));
  }

  private static void line(
      StringBuilder svg, List<Point> points, String colour, Axis across, Axis up) {
    StringBuilder path = new StringBuilder();
    for (Point row : points) {
      double x = across.at(row.throughput());
      double y = up.at(row.p99());
      path.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
      svg.append(String.format(
          Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%n", x, y, colour));
      text(svg, x + 6, y - 6, colour, "C=" + row.inFlight());
    }
    svg.append(String.format(
        Locale.ROOT, "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\"/>%n", path, colour));
  }
}
