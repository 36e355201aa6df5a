package dev.paxoskv.sim.explore;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.sim.explore.Exploration.Violation;
import dev.paxoskv.sim.explore.Move.Kind;
import dev.paxoskv.sim.explore.PeerStates.State;
import dev.paxoskv.sim.explore.PeerStates.Step;
import dev.paxoskv.sim.golden.Packet;
import dev.paxoskv.sim.golden.Safety;
import dev.paxoskv.sim.golden.Safety.Facts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Visits every state of a {@link Scenario}, nearest first, so that the first bad one has the
 * shortest way to it.
 *
 * <p>A state of the group is the state of each peer and the set of messages ever sent. A message
 * stays in that set: it may arrive now, later, again, or never, which covers delay, loss,
 * repetition and reordering at once and without a limit on any of them. (It leaves the set when it
 * can never matter again, see {@link Spent}.) A state is remembered by a hash of 64 bits; that two
 * of ten million share one, so that one is missed, has a chance of about one in 400,000.
 */
public final class Explorer {
  private final Scenario scenario;
  private final int statesMax;
  private final PeerStates peers;
  private final Safety safety;
  private final Optional<Spent> spent;
  private final LongSet visited = new LongSet();
  private final Set<List<Integer>> safe = new HashSet<>();
  private final ArrayDeque<int[]> frontier = new ArrayDeque<>();
  private final Trail trail = new Trail();
  private long steps;
  private int depth;
  private Optional<Violation> violation = Optional.empty();

  private Explorer(Scenario scenario, int statesMax, boolean isReduced) {
    this.scenario = scenario;
    this.statesMax = statesMax;
    this.peers = new PeerStates(scenario);
    this.spent = isReduced ? Optional.of(new Spent(scenario, peers)) : Optional.empty();
    this.safety = new Safety(scenario.peers(), scenario.proposed());
  }

  /** Explores all of {@code scenario}, or as much as {@code statesMax} states. */
  public static Exploration explore(Scenario scenario, int statesMax) {
    return new Explorer(scenario, statesMax, true).run();
  }

  /** The same without leaving out messages that can never matter again; many times slower. */
  static Exploration exploreUnreduced(Scenario scenario, int statesMax) {
    return new Explorer(scenario, statesMax, false).run();
  }

  private Exploration run() {
    int[] first = new int[scenario.peers()];
    Arrays.setAll(first, peers::first);
    visited.add(hash(first));
    trail.add(-1, 0);
    frontier.add(first);
    int at = 0;
    while (!frontier.isEmpty() && violation.isEmpty() && visited.size() < statesMax) {
      visit(frontier.remove(), at);
      at++;
    }
    boolean isExhausted = frontier.isEmpty() && violation.isEmpty();
    return new Exploration(
        visited.size(),
        steps,
        safe.size(),
        peers.size(),
        peers.packets().size(),
        depth,
        isExhausted,
        violation);
  }

  /** Takes every step that is possible from the state with this place in the trail. */
  private void visit(int[] state, int at) {
    boolean mayCrash = crashed(state) < scenario.crashesMax();
    for (int peer = 0; peer < scenario.peers(); peer++) {
      if (!stateOf(state, peer).peer().isDown()) {
        local(state, at, peer, mayCrash);
        deliveries(state, at, peer);
      }
    }
  }

  private void local(int[] state, int at, int peer, boolean mayCrash) {
    for (int start = 0; start < scenario.starts().size(); start++) {
      Scenario.Start each = scenario.starts().get(start);
      if (each.peer() == peer) {
        take(state, at, new Move(peer, Kind.START, start));
      }
      if (scenario.isDoneCalled()) {
        take(state, at, new Move(peer, Kind.DONE, (int) each.seq()));
      }
    }
    take(state, at, new Move(peer, Kind.TIMEOUT, 0));
    if (scenario.isJournalHeld()) {
      take(state, at, new Move(peer, Kind.SYNC, 0));
    }
    if (mayCrash) {
      take(state, at, new Move(peer, Kind.CRASH, 0));
    }
  }

  private void deliveries(int[] state, int at, int peer) {
    for (int word = scenario.peers(); word < state.length; word++) {
      for (int bits = state[word]; bits != 0; bits &= bits - 1) {
        int number = (word - scenario.peers()) * Integer.SIZE + Integer.numberOfTrailingZeros(bits);
        Packet packet = peers.packets().get(number);
        if (packet.to() == peer) {
          take(state, at, new Move(peer, Kind.DELIVER, number));
        } else if (packet.from() == peer && mayFail(packet)) {
          take(state, at, new Move(peer, Kind.FAIL, number));
        }
      }
    }
  }

  private boolean mayFail(Packet packet) {
    return scenario.areFailuresTold() && packet.envelope().message() instanceof Message.Request;
  }

  private void take(int[] state, int at, Move move) {
    if (violation.isPresent()) {
      return;
    }
    Step step = peers.step(state[move.peer()], move);
    steps++;
    int[] next = step.next() < 0 ? state : after(state, move.peer(), step);
    if (next == state) {
      return;
    }
    spent.ifPresent(each -> each.drop(next));
    if (!visited.add(hash(next))) {
      return;
    }
    int place = trail.add(at, move.code());
    depth = Math.max(depth, trail.length(place));
    frontier.add(next);
    step.wrong()
        .or(() -> check(next))
        .ifPresent(wrong -> violation = Optional.of(report(wrong, place)));
  }

  /** The state after a step; the very same array if nothing has changed. */
  private int[] after(int[] state, int peer, Step step) {
    int[] next = state;
    if (state[peer] != step.next()) {
      next = state.clone();
      next[peer] = step.next();
    }
    for (int number : step.sent()) {
      int word = scenario.peers() + number / Integer.SIZE;
      int bit = 1 << (number % Integer.SIZE);
      boolean isNew = word >= next.length || (next[word] & bit) == 0;
      if (isNew) {
        next = Arrays.copyOf(next, Math.max(next.length, word + 1));
        next[word] |= bit;
      }
    }
    return next;
  }

  private Optional<String> check(int[] state) {
    List<Integer> facts = new ArrayList<>();
    for (int peer = 0; peer < scenario.peers(); peer++) {
      facts.add(stateOf(state, peer).facts());
    }
    if (!safe.add(facts)) {
      return Optional.empty();
    }
    List<Facts> all = facts.stream().map(peers::facts).toList();
    return safety.check(all);
  }

  private Violation report(String wrong, int place) {
    List<Move> moves = new ArrayList<>();
    for (int each = place; trail.parent(each) >= 0; each = trail.parent(each)) {
      moves.add(Move.of(trail.move(each)));
    }
    Collections.reverse(moves);
    return new Violation(wrong, new Replay(scenario, peers).script(wrong, moves), moves.size());
  }

  private State stateOf(int[] state, int peer) {
    return peers.state(state[peer]);
  }

  private int crashed(int[] state) {
    int crashed = 0;
    for (int peer = 0; peer < scenario.peers(); peer++) {
      crashed += stateOf(state, peer).peer().isDown() ? 1 : 0;
    }
    return crashed;
  }

  /** Empty words at the end say nothing; the states of the peers come first, and one is not 0. */
  private static long hash(int[] state) {
    int length = state.length;
    while (state[length - 1] == 0) {
      length--;
    }
    long hash = 0x9e3779b97f4a7c15L * length;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ state[i]) * 0xff51afd7ed558ccdL;
      hash ^= hash >>> 32;
    }
    hash *= 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 29);
  }
}
