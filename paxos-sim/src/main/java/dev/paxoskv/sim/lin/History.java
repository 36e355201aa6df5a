package dev.paxoskv.sim.lin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What all clients of one run saw.
 *
 * @param calls in the order in which they were made
 */
public record History(List<Call> calls) {

  /** Takes the calls in any order. */
  public History {
    calls = calls.stream().sorted(Comparator.comparingLong(Call::invoked)).toList();
  }

  /** Reads what {@link #toString} wrote: a call a line; empty lines and {@code #} are skipped. */
  public static History parse(String text) {
    return new History(text.lines()
        .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
        .map(Call::parse)
        .toList());
  }

  /** The same history for each key by itself: a store is linearizable if each of its keys is. */
  public Map<String, History> byKey() {
    Map<String, List<Call>> split = new TreeMap<>();
    for (Call call : calls) {
      split.computeIfAbsent(call.key(), key -> new ArrayList<>()).add(call);
    }
    Map<String, History> histories = new TreeMap<>();
    split.forEach((key, own) -> histories.put(key, new History(own)));
    return histories;
  }

  /** What was known at {@code time}: later calls are not there, later returns are open. */
  History asOf(long time) {
    return new History(calls.stream()
        .filter(call -> call.invoked() <= time)
        .map(call -> call.asOf(time))
        .toList());
  }

  History without(List<Call> dropped) {
    List<Call> others = new ArrayList<>(calls);
    dropped.forEach(others::remove);
    return new History(others);
  }

  /** One call a line; {@link #parse} reads it again. */
  @Override
  public String toString() {
    return calls.stream().map(call -> call + "\n").collect(Collectors.joining());
  }
}
