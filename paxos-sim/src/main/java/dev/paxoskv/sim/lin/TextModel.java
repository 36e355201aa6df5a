package dev.paxoskv.sim.lin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The general case: a state is the whole text that the key holds. */
final class TextModel implements Model {
  private final List<Task> tasks;
  private final List<Optional<String>> texts = new ArrayList<>();
  private final Map<Optional<String>, Integer> numbers = new HashMap<>();

  TextModel(List<Task> tasks) {
    this.tasks = tasks;
    number(Optional.empty());
  }

  /** Every call must have its place between its two ends, an unknown write after its beginning. */
  static List<Task> tasks(List<Call> calls) {
    List<Task> tasks = new ArrayList<>();
    for (Call call : calls) {
      boolean isOptional = call.outcome() == Call.Outcome.UNKNOWN;
      long by = isOptional ? Call.OPEN : call.returned();
      tasks.add(new Task(call, call.invoked(), by, isOptional));
    }
    return tasks;
  }

  @Override
  public int step(int state, int index) {
    Call call = tasks.get(index).call();
    Optional<String> text = texts.get(state);
    return switch (call.kind()) {
      case GET -> text.equals(call.value()) ? state : IMPOSSIBLE;
      case PUT -> number(call.value());
      case CAS ->
        isMet(call, text.equals(call.expected())) ? after(call, call.value(), state) : IMPOSSIBLE;
      case DELETE ->
        isMet(call, text.isPresent()) ? after(call, Optional.empty(), state) : IMPOSSIBLE;
      case APPEND -> number(Optional.of(text.orElse("") + call.value().orElseThrow()));
    };
  }

  /** Whether the condition is as the call says that it was. One that nobody knows of may be met. */
  private static boolean isMet(Call call, boolean holds) {
    return holds == (call.outcome() != Call.Outcome.UNMET);
  }

  private int after(Call call, Optional<String> text, int state) {
    return call.outcome() == Call.Outcome.UNMET ? state : number(text);
  }

  @Override
  public boolean mayLeave(int state, BitSet placed) {
    return true;
  }

  private int number(Optional<String> text) {
    return numbers.computeIfAbsent(text, t -> {
      texts.add(t);
      return texts.size() - 1;
    });
  }
}
