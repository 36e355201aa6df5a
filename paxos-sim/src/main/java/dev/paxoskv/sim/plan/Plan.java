package dev.paxoskv.sim.plan;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A run as data. As text: the options on the first line, then one line for each event; empty lines
 * and what follows a {@code #} mean nothing.
 *
 * @param options what the run is like as a whole
 * @param events what is done, in the order of time
 */
public record Plan(Options options, List<PlanEvent> events) {

  public Plan {
    events = List.copyOf(events);
  }

  /** The plan that {@code seed} stands for. */
  public static Plan ofSeed(long seed) {
    return new Planner(seed, 0).plan();
  }

  /**
   * The same with the number of peers given.
   *
   * @param peers 1 to 7
   */
  public static Plan ofSeed(long seed, int peers) {
    return new Planner(seed, peers).plan();
  }

  Plan with(List<PlanEvent> others) {
    return new Plan(options, others);
  }

  @Override
  public String toString() {
    return options + "\n"
        + events.stream().map(event -> event + "\n").collect(Collectors.joining());
  }

  /** Reads what {@link #toString} writes. */
  public static Plan parse(String text) {
    List<String> lines = text.lines()
        .map(line -> line.replaceFirst("#.*", "").strip())
        .filter(line -> !line.isEmpty())
        .toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("an empty plan");
    }
    return new Plan(
        Options.parse(lines.get(0)),
        lines.subList(1, lines.size()).stream().map(PlanEvent::parse).toList());
  }
}
