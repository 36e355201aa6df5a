package dev.paxoskv.sim.lin;

import dev.paxoskv.sim.lin.Call.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries every order of a few calls on one key, with and without each unknown write. */
final class BruteForce {
  private final List<Call> calls;

  private BruteForce(List<Call> calls) {
    this.calls = calls;
  }

  static boolean isLegal(History history) {
    List<Call> calls = history.calls().stream()
        .filter(call -> isOver(call) || (call.outcome() == Outcome.UNKNOWN && !call.isRead()))
        .toList();
    return new BruteForce(calls).canFollow(new ArrayList<>());
  }

  private boolean canFollow(List<Call> order) {
    boolean isComplete =
        calls.stream().allMatch(call -> call.outcome() == Outcome.UNKNOWN || order.contains(call));
    if (isComplete && isLegalOrder(order)) {
      return true;
    }
    for (Call call : calls) {
      if (!order.contains(call)) {
        order.add(call);
        if (canFollow(order)) {
          return true;
        }
        order.remove(order.size() - 1);
      }
    }
    return false;
  }

  private static boolean isOver(Call call) {
    return call.outcome() == Outcome.APPLIED || call.outcome() == Outcome.UNMET;
  }

  private static boolean isWrongSight(Call call, Optional<String> text) {
    boolean isMet = call.outcome() != Outcome.UNMET;
    return switch (call.kind()) {
      case GET -> !call.value().equals(text);
      case CAS -> isMet != text.equals(call.expected());
      case DELETE -> isMet != text.isPresent();
      case PUT, APPEND -> false;
    };
  }

  private static boolean isLegalOrder(List<Call> order) {
    Optional<String> text = Optional.empty();
    for (int i = 0; i < order.size(); i++) {
      Call call = order.get(i);
      boolean isOutOfTime = order.subList(i, order.size()).stream()
          .anyMatch(later -> isOver(later) && later.returned() < call.invoked());
      boolean isWrongSight = isWrongSight(call, text);
      if (isOutOfTime || isWrongSight) {
        return false;
      }
      text = call.isRead()
          ? text
          : switch (call.kind()) {
            case GET -> text;
            case DELETE -> Optional.empty();
            case CAS -> call.value();
            case PUT -> call.value();
            case APPEND -> Optional.of(text.orElse("") + call.value().orElseThrow());
          };
    }
    return true;
  }
}
