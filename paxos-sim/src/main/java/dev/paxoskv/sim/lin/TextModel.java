package dev.paxoskv.sim.lin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The general case: a state is the whole text that the key holds. */
final class TextModel implements Model {
  private final List<Move> moves;
  private final List<Optional<String>> texts = new ArrayList<>();
  private final Map<Optional<String>, Integer> numbers = new HashMap<>();

  TextModel(List<Move> moves) {
    this.moves = moves.stream()
        .sorted(Comparator.comparingLong(move -> move.span().invoked()))
        .toList();
    number(Optional.empty());
  }

  /** Each must have its place between its two ends, an open one after its beginning. */
  List<Task> tasks() {
    Map<Long, Integer> lastOfLine = new HashMap<>();
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < moves.size(); i++) {
      Move.Span span = moves.get(i).span();
      int behind = lastOfLine.getOrDefault(span.line(), Task.NOTHING);
      boolean isRead = moves.get(i).change().isEmpty();
      tasks.add(new Task(isRead, span.invoked(), span.returned(), span.isOpen(), behind));
      if (span.line() != Move.ALONE && !span.isOpen()) {
        lastOfLine.put(span.line(), i);
      }
    }
    return tasks;
  }

  @Override
  public int step(int state, int index) {
    Move move = moves.get(index);
    Optional<String> text = texts.get(state);
    if (!move.fits().test(text)) {
      return IMPOSSIBLE;
    }
    return move.change().isPresent() ? number(move.change().get().apply(text)) : state;
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
