package dev.paxoskv.sim.plan;

import dev.paxoskv.sim.plan.PlanEvent.Verb;
import java.util.random.RandomGenerator;

/** Draws which wires break together: every shape in which a network is known to fall apart. */
final class Shapes {
  private static final Verb[] VERBS = {
    Verb.CUT, Verb.DEAF, Verb.MUTE, Verb.ISOLATE, Verb.SPLIT, Verb.ONEWAY, Verb.BRIDGE, Verb.RING
  };

  private interface Rule {
    boolean isBroken(int from, int to);
  }

  private final int peers;
  private final RandomGenerator dice;

  Shapes(int peers, RandomGenerator dice) {
    this.peers = peers;
    this.dice = dice;
  }

  Verb any() {
    return VERBS[dice.nextInt(VERBS.length)];
  }

  /** The wires of one shape of this kind. */
  Links of(Verb verb) {
    int one = dice.nextInt(peers);
    int other = dice.nextInt(peers);
    long sides = dice.nextLong();
    return switch (verb) {
      case DEAF -> where((from, to) -> to == one);
      case MUTE -> where((from, to) -> from == one);
      case ISOLATE -> where((from, to) -> from == one || to == one);
      case SPLIT -> where((from, to) -> bit(sides, from) != bit(sides, to));
      case ONEWAY -> where((from, to) -> bit(sides, from) > bit(sides, to));
      // Two sides, and one peer that sees both.
      case BRIDGE ->
        where((from, to) -> from != one && to != one && bit(sides, from) != bit(sides, to));
      // Each sees its neighbours only.
      case RING ->
        where((from, to) -> {
          int gap = Math.floorMod(from - to, peers);
          return gap != 1 && gap != peers - 1;
        });
      default -> where((from, to) -> from == one && to == other);
    };
  }

  private Links where(Rule rule) {
    Links links = Links.NONE;
    for (int from = 0; from < peers; from++) {
      for (int to = 0; to < peers; to++) {
        links = rule.isBroken(from, to) ? links.with(from, to) : links;
      }
    }
    return links;
  }

  private static long bit(long sides, int peer) {
    return (sides >> peer) & 1;
  }
}
