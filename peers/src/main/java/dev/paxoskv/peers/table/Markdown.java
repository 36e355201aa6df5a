package dev.paxoskv.peers.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Tables that people can read as they stand. */
final class Markdown {
  private Markdown() {}

  /** The first row is the heading; all rows have as many cells. */
  static List<String> table(List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>(Collections.nCopies(rows.get(0).size(), 3));
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths.set(i, Math.max(widths.get(i), row.get(i).length()));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder("|");
      for (int i = 0; i < row.size(); i++) {
        String cell = row.get(i);
        line.append(' ')
            .append(cell)
            .append(" ".repeat(widths.get(i) - cell.length()))
            .append(" |");
      }
      lines.add(line.toString());
    }
    StringBuilder rule = new StringBuilder("|");
    widths.forEach(width -> rule.append("-".repeat(width + 2)).append('|'));
    lines.add(1, rule.toString());
    return lines;
  }
}
