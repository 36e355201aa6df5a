package dev.paxoskv.peers.table;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The rows of all systems, loads and rounds. Ratios are those of turns of the same round. */
public final class Comparison {
  private final Map<String, Map<Cell, List<Row>>> rows = new LinkedHashMap<>();

  /** Takes in what a system did next under a load. */
  public void add(String system, Cell cell, Row row) {
    rows.computeIfAbsent(system, name -> new EnumMap<>(Cell.class))
        .computeIfAbsent(cell, which -> new ArrayList<>())
        .add(row);
  }

  Set<String> systems() {
    return rows.keySet();
  }

  /** In the order of rounds; empty if the system was not put under that load. */
  List<Row> rows(String system, Cell cell) {
    return rows.getOrDefault(system, Map.of()).getOrDefault(cell, List.of());
  }

  Optional<Figure> figure(String system, Cell cell, ToDoubleFunction<Row> part) {
    return Figure.of(rows(system, cell).stream().map(part::applyAsDouble).toList());
  }

  /** The same part of two turns, one divided by the other. */
  Optional<Figure> ratio(Turns over, Turns under, ToDoubleFunction<Row> part) {
    List<Row> above = rows(over.system(), over.cell());
    List<Row> below = rows(under.system(), under.cell());
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(above.size(), below.size()); i++) {
      ratios.add(part.applyAsDouble(above.get(i)) / part.applyAsDouble(below.get(i)));
    }
    return Figure.of(ratios);
  }

  /** All turns of a system under one load. */
  record Turns(String system, Cell cell) {}
}
