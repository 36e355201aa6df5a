package dev.paxoskv.sim.lin;

import dev.paxoskv.sim.lin.Call.Kind;
import dev.paxoskv.sim.lin.Call.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Histories drawn from a seed. A good one comes from one text and calls that take effect, one at a
 * time, somewhere between their ends; a spoilt one is a good one with something changed.
 */
final class RandomHistories {
  private static final long STEP = 10;

  private record Draft(Call call, long effect) {}

  private final SplittableRandom dice;
  private final boolean hasTokens;
  private final boolean hasConditions;
  private final double unknown;
  private int writes;

  RandomHistories(long seed, boolean hasTokens) {
    this(seed, hasTokens, false);
  }

  RandomHistories(long seed, boolean hasTokens, boolean hasConditions) {
    this.hasConditions = hasConditions;
    this.dice = new SplittableRandom(seed);
    this.hasTokens = hasTokens;
    this.unknown = dice.nextDouble(0.3);
  }

  /** Each of {@code clients} makes one call after the other. */
  History good(int clients, int calls) {
    List<Draft> drafts = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      int share = calls / clients + (client < calls % clients ? 1 : 0);
      long now = dice.nextLong(STEP);
      for (int i = 0; i < share; i++) {
        Draft draft = draft("c" + client, now);
        drafts.add(draft);
        now = draft.call().returned() + 1 + dice.nextLong(STEP);
      }
    }
    return new History(played(drafts));
  }

  /** The same with one thing changed, so that it may be wrong now. */
  History spoilt(History good) {
    List<Call> calls = new ArrayList<>(good.calls());
    int index = dice.nextInt(calls.size());
    calls.set(index, spoilt(calls.get(index), calls.get(dice.nextInt(calls.size()))));
    return new History(calls);
  }

  private Draft draft(String client, long now) {
    long length = 1 + dice.nextLong(3 * STEP);
    boolean isUnknown = dice.nextDouble() < unknown;
    boolean isRefused = dice.nextInt(10) == 0;
    Kind kind = dice.nextInt(2) == 0 ? Kind.GET : dice.nextInt(3) == 0 ? Kind.PUT : Kind.APPEND;
    if (hasConditions && dice.nextInt(2) == 0) {
      kind = dice.nextInt(3) == 0 ? Kind.DELETE : Kind.CAS;
    }
    boolean hasValue = kind != Kind.GET && kind != Kind.DELETE;
    Optional<String> value = hasValue ? Optional.of(value()) : Optional.empty();
    boolean isExpecting = kind == Kind.CAS && dice.nextInt(3) > 0;
    Optional<String> expected = isExpecting ? Optional.of(value()) : Optional.empty();
    Outcome outcome = isUnknown
        ? Outcome.UNKNOWN
        : isRefused && kind != Kind.GET ? Outcome.NOT_APPLIED : Outcome.APPLIED;
    Call call = new Call(now, now + length, client, kind, "k", expected, value, outcome);
    long effect = now + dice.nextLong(isUnknown ? 10 * length : length + 1);
    return new Draft(call, isUnknown && dice.nextBoolean() ? Call.OPEN : effect);
  }

  private String value() {
    return hasTokens ? "<" + writes++ + ">" : List.of("a", "b", "ab", "").get(dice.nextInt(4));
  }

  private static List<Call> played(List<Draft> drafts) {
    drafts.sort(Comparator.comparingLong(Draft::effect));
    List<Call> calls = new ArrayList<>();
    Optional<String> text = Optional.empty();
    for (Draft draft : drafts) {
      Call call = draft.call();
      boolean isDone = call.outcome() != Outcome.NOT_APPLIED && draft.effect() != Call.OPEN;
      if (isDone && call.isConditional()) {
        boolean isMet = call.kind() == Kind.CAS ? text.equals(call.expected()) : text.isPresent();
        text = isMet ? call.value() : text;
        boolean isTold = call.outcome() == Outcome.APPLIED;
        calls.add(isTold && !isMet ? changed(call, Outcome.UNMET, call.value()) : call);
        continue;
      } else if (isDone && call.kind() == Kind.PUT) {
        text = call.value();
      } else if (isDone && call.kind() == Kind.APPEND) {
        text = Optional.of(text.orElse("") + call.value().orElseThrow());
      }
      boolean isSight = call.isRead() && call.outcome() == Outcome.APPLIED;
      calls.add(isSight ? changed(call, call.outcome(), text) : call);
    }
    return calls;
  }

  private Call spoilt(Call call, Call other) {
    if (dice.nextInt(3) == 0) {
      long invoked = Math.max(0, call.invoked() - STEP + dice.nextLong(3 * STEP));
      long returned = invoked + dice.nextLong(STEP);
      return new Call(
          invoked,
          returned,
          call.client(),
          call.kind(),
          call.key(),
          call.expected(),
          call.value(),
          call.outcome());
    }
    if (call.kind() == Kind.GET) {
      return changed(call, Outcome.APPLIED, other.value());
    }
    if (call.isConditional()) {
      Outcome opposite = call.isRead() ? Outcome.APPLIED : Outcome.UNMET;
      return changed(call, opposite, call.value());
    }
    return changed(call, dice.nextBoolean() ? Outcome.NOT_APPLIED : Outcome.APPLIED, call.value());
  }

  private static Call changed(Call call, Outcome outcome, Optional<String> value) {
    return new Call(
        call.invoked(),
        call.returned(),
        call.client(),
        call.kind(),
        call.key(),
        call.expected(),
        value,
        outcome);
  }
}
