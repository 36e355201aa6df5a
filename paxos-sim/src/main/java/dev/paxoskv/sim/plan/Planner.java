package dev.paxoskv.sim.plan;

import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.plan.Options.Mode;
import dev.paxoskv.sim.plan.PlanEvent.Verb;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws a plan from a seed. Each seed turns on some kinds of fault and leaves the others out, each
 * with a strength of its own: a group that suffers everything at once never gets far enough for the
 * rarer states.
 */
final class Planner {
  private static final long SECOND = 1_000_000;
  private static final long TICK_MICROS = 10_000;
  private static final long CALM_MICROS_MAX = 60 * SECOND;
  private static final int[] GROUPS = {1, 2, 3, 3, 3, 3, 3, 3, 3, 4, 5, 5, 5, 5, 5, 5, 5, 6, 7, 7};
  private static final long PPM = 1_000_000;

  private final long seed;
  private final RandomGenerator dice;
  private final int peers;
  private final Mode mode;
  private final PeerSet core;
  private final long storm;
  private final Shapes shapes;
  private final List<PlanEvent> events = new ArrayList<>();
  private int starts;

  /**
   * Draws for one seed.
   *
   * @param peersWanted how many peers, or 0 to draw that too
   */
  Planner(long seed, int peersWanted) {
    this.seed = seed;
    this.dice = new Dice(seed).fork("plan", 0);
    int drawn = GROUPS[dice.nextInt(GROUPS.length)];
    this.peers = peersWanted == 0 ? drawn : peersWanted;
    this.mode = dice.nextInt(4) == 0 ? Mode.SAFETY : Mode.LIVENESS;
    this.storm = 200_000 + dice.nextLong(4 * SECOND);
    this.core = core();
    this.shapes = new Shapes(peers, dice);
  }

  Plan plan() {
    weather();
    starts();
    maybe(this::dones);
    maybe(this::cuts);
    maybe(this::freezes);
    maybe(this::clocks);
    maybe(this::crashes);
    maybe(() -> add(0, Verb.FAILFAST, 1));
    maybe(() -> add(dice.nextLong(storm), Verb.FAILFAST, dice.nextInt(2)));
    if (dice.nextInt(4) == 0) {
      races();
    }
    events.sort(Comparator.comparingLong(PlanEvent::atMicros));
    return new Plan(new Options(seed, peers, mode, core, storm, CALM_MICROS_MAX), events);
  }

  private void maybe(Runnable kind) {
    if (dice.nextBoolean()) {
      kind.run();
    }
  }

  /** All peers, or a random majority. */
  private PeerSet core() {
    PeerSet all = new PeerSet((1L << peers) - 1);
    if (dice.nextInt(5) < 3) {
      return all;
    }
    int dropped = dice.nextInt(peers - new Quorum(peers).size() + 1);
    for (int i = 0; i < dropped; i++) {
      all = all.without(dice.nextInt(peers));
    }
    return all;
  }

  /** How the wires behave, all of them from the beginning, and some of them later. */
  private void weather() {
    boolean isSlow = dice.nextBoolean();
    long loss = strength(300_000);
    long duplication = strength(300_000);
    long reordering = strength(400_000);
    long corruption = strength(100_000);
    long delayMax = isSlow ? 1_000 + dice.nextLong(80_000) : 500;
    long delayMin = 100 + dice.nextLong(delayMax / 2);
    Links all = everywhere();
    add(0, Verb.WEATHER, all, delayMin, delayMax, loss, duplication, reordering, corruption);
    maybe(() -> {
      for (int i = dice.nextInt(6); i > 0; i--) {
        long slow = 200 + dice.nextLong(200_000);
        add(
            dice.nextLong(storm),
            Verb.WEATHER,
            shapes.of(shapes.any()),
            100,
            slow,
            strength(PPM),
            strength(PPM),
            strength(PPM),
            strength(PPM));
      }
    });
  }

  private Links everywhere() {
    Links all = shapes.of(Verb.CUT);
    for (int peer = 0; peer < peers; peer++) {
      for (int other = 0; other < peers; other++) {
        all = all.with(peer, other);
      }
    }
    return all;
  }

  /** Parts per million, often none. */
  private long strength(long most) {
    return dice.nextBoolean() ? 0 : dice.nextLong(most);
  }

  /** Instances are started by one peer, or by several at nearly the same time. */
  private void starts() {
    int instances = 1 + dice.nextInt(30);
    long span = dice.nextInt(3) == 0 ? Math.min(storm, 30_000) : storm;
    int fans = instances + dice.nextInt(instances + 1);
    long stride = dice.nextInt(4) == 0 ? 1 + dice.nextLong(1_000_000_000_000L) : 1;
    long closeness = 1 + dice.nextLong(50_000);
    boolean isInOrder = dice.nextInt(3) == 0;
    for (int i = 0; i < fans; i++) {
      int instance = isInOrder ? i * instances / fans : dice.nextInt(instances);
      long at = isInOrder ? span * i / fans : dice.nextLong(span);
      for (int rivals = 1 + dice.nextInt(Math.min(peers, 3)); rivals > 0; rivals--) {
        long seq = stride * instance;
        add(at + dice.nextLong(closeness), Verb.START, dice.nextInt(peers), seq, ++starts);
      }
      if (isInOrder) {
        doneSoon(at, stride * instance, 10 * closeness);
      }
    }
  }

  /** All applications lose interest so early that the news of the decision are still about. */
  private void doneSoon(long at, long seq, long within) {
    for (int peer = 0; peer < peers && dice.nextInt(8) > 0; peer++) {
      add(at + dice.nextLong(within), Verb.DONE, peer, seq);
    }
  }

  /** Now and then all applications lose interest, also in what is not decided yet. */
  private void dones() {
    List<Long> seqs = events.stream()
        .filter(event -> event.verb() == Verb.START)
        .map(event -> event.number("seq"))
        .sorted()
        .distinct()
        .toList();
    for (int wave = 1 + dice.nextInt(6); wave > 0; wave--) {
      long at = dice.nextLong(storm);
      long width = 1 + dice.nextLong(SECOND);
      int upTo = dice.nextInt(seqs.size());
      for (int peer = 0; peer < peers; peer++) {
        int mine = Math.max(0, upTo - dice.nextInt(3));
        add(at + dice.nextLong(width), Verb.DONE, peer, seqs.get(mine));
      }
    }
  }

  /**
   * Rivals begin together where messages often overtake each other, and a little later all
   * applications lose interest. So a vote may have been replaced when its decision is told, and
   * whoever is asked for the value then may have forgotten it.
   */
  private void races() {
    long slow = TICK_MICROS * (1 + dice.nextInt(8));
    long seq = events.stream()
        .filter(event -> event.verb() == Verb.START)
        .mapToLong(event -> event.number("seq"))
        .max()
        .orElse(0);
    add(0, Verb.WEATHER, everywhere(), 100, slow, 50_000, 300_000, 500_000, 0);
    int races = 10 + dice.nextInt(30);
    for (int race = 0; race < races; race++) {
      seq++;
      // In the order of time, for a mark lets go of all that is below it.
      long at = storm * race / races;
      for (int peer = 0; peer < peers; peer++) {
        add(at + dice.nextLong(slow), Verb.START, peer, seq, ++starts);
        add(at + slow + dice.nextLong(12 * slow), Verb.DONE, peer, seq);
      }
    }
  }

  private void cuts() {
    for (int i = 1 + dice.nextInt(8); i > 0; i--) {
      Verb shape = shapes.any();
      Links links = shapes.of(shape);
      long at = dice.nextLong(storm);
      add(at, shape, links);
      add(at + dice.nextLong(2 * SECOND), Verb.HEAL, links);
    }
  }

  private void freezes() {
    for (int i = 1 + dice.nextInt(4); i > 0; i--) {
      int peer = dice.nextInt(peers);
      long at = dice.nextLong(storm);
      add(at, Verb.FREEZE, peer);
      add(at + dice.nextLong(2 * SECOND), Verb.RESUME, peer);
    }
  }

  private void clocks() {
    for (int peer = 0; peer < peers; peer++) {
      add(dice.nextLong(storm), Verb.CLOCK, peer, 200 + dice.nextInt(4_800));
    }
    for (int i = dice.nextInt(5); i > 0; i--) {
      add(dice.nextLong(storm), Verb.JUMP, dice.nextInt(peers), dice.nextLong(-200, 201));
    }
  }

  /** Only who is not in the core may crash, unless no progress is asked. */
  private void crashes() {
    for (int peer = 0; peer < peers; peer++) {
      boolean mayCrash = mode == Mode.SAFETY ? dice.nextInt(3) == 0 : !core.has(peer);
      if (mayCrash && dice.nextBoolean()) {
        add(dice.nextLong(storm), Verb.CRASH, peer);
      }
    }
  }

  private void add(long at, Verb verb, long... numbers) {
    add(at, verb, Links.NONE, numbers);
  }

  private void add(long at, Verb verb, Links links, long... numbers) {
    events.add(PlanEvent.of(Math.min(at, storm), verb, links, numbers));
  }
}
