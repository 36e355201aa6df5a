package dev.paxoskv.sim.plan;

import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.LinkFaults;
import dev.paxoskv.sim.SimCluster;
import dev.paxoskv.sim.SimCluster.Mouth;
import dev.paxoskv.sim.check.Oracle;
import dev.paxoskv.sim.check.Violation;
import dev.paxoskv.sim.check.Witness;
import dev.paxoskv.sim.plan.Options.Mode;
import dev.paxoskv.sim.reach.Reach;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Runs one plan under all checkers: first the storm, in which the events happen; then, if progress
 * is asked, a calm in which the core must settle everything and fall silent.
 */
public final class PlanRun {
  private static final long LOOK_MICROS = 250_000;
  private static final long SILENCE_MICROS = 5_000_000;
  private static final double PPM = 1e6;

  private final Plan plan;
  private final Options options;
  private final Reach reach = new Reach();
  private final Oracle oracle;
  private final SimCluster cluster;
  private final Map<String, Long> faults = new TreeMap<>();

  private PlanRun(Plan plan, Mouth mouth, List<Witness> others) {
    this.plan = plan;
    this.options = plan.options();
    int peers = options.peers();
    List<Witness> witnesses = new ArrayList<>(others);
    witnesses.addAll(reach.watchers(peers));
    this.oracle = new Oracle(peers, witnesses);
    this.cluster =
        new SimCluster(new SimCluster.Setup(peers, new Dice(options.seed()), 0, oracle, mouth));
  }

  /** Runs {@code plan}. */
  public static Outcome of(Plan plan) {
    return new PlanRun(plan, Mouth.HONEST, List.of()).run();
  }

  /** Runs {@code plan} with peers that speak through {@code mouth}. */
  public static Outcome of(Plan plan, Mouth mouth) {
    return new PlanRun(plan, mouth, List.of()).run();
  }

  /** Runs {@code plan} and gives each thing that happens to {@code lines}. */
  public static Outcome of(Plan plan, Consumer<String> lines) {
    PlanRun run = new PlanRun(plan, Mouth.HONEST, List.of());
    run.cluster.simulator().listen(lines);
    return run.run();
  }

  /** Runs {@code plan} and returns what its peers were given, as commands of a golden script. */
  static List<String> commands(Plan plan) {
    Scribe scribe = new Scribe(plan.options().peers());
    new PlanRun(plan, Mouth.HONEST, List.of(scribe)).run();
    return scribe.commands();
  }

  private Outcome run() {
    Optional<Outcome.Failure> failure = Optional.empty();
    try {
      storm();
      if (options.mode() == Mode.LIVENESS) {
        calm();
      }
    } catch (Violation e) {
      failure = Optional.of(failed(e.rule(), String.valueOf(e.getMessage())));
    } catch (InvariantViolation e) {
      failure = Optional.of(failed("run-time invariant", String.valueOf(e.getMessage())));
    } catch (AssertionError | RuntimeException e) {
      // Any other way to fall over, such as a decoder that throws what it should not.
      failure = Optional.of(failed(e.getClass().getSimpleName(), String.valueOf(e)));
    }
    faults.putAll(cluster.network().faults());
    return new Outcome(
        failure,
        cluster.simulator().traceHash(),
        cluster.simulator().nowMicros(),
        cluster.simulator().happened(),
        cluster.checker().decisions(),
        faults,
        reach);
  }

  private Outcome.Failure failed(String rule, String message) {
    return new Outcome.Failure(rule, message, cluster.simulator().nowMicros());
  }

  private void storm() {
    for (PlanEvent event : plan.events()) {
      cluster.simulator().after(event.atMicros(), () -> happen(event));
    }
    cluster.run(options.stormMicros());
  }

  private void happen(PlanEvent event) {
    // By its text: the hash code of an enum is another in each JVM.
    cluster.simulator().trace(event.toString());
    if (event.verb().isAboutPeer()) {
      happenAtPeer(event, event.peer());
    } else {
      faults.merge(event.verb().word(), 1L, Long::sum);
      happenOnWires(event);
    }
  }

  private void happenAtPeer(PlanEvent event, int peer) {
    boolean isUp = cluster.isUp(peer);
    if (event.verb().isWork()) {
      // The application stands still with its peer.
      if (isUp) {
        work(event, peer);
      }
      return;
    }
    faults.merge(event.verb().word(), 1L, Long::sum);
    switch (event.verb()) {
      case CRASH -> cluster.crash(peer);
      case FREEZE -> cluster.freeze(peer);
      case RESUME -> cluster.resume(peer);
      case CLOCK -> cluster.clockRate(peer, event.number("permille") / 1e3);
      case JUMP -> cluster.clockJump(peer, event.number("ticks"));
      default -> throw new IllegalArgumentException("nothing known about " + event);
    }
  }

  private void work(PlanEvent event, int peer) {
    long seq = event.number("seq");
    if (event.verb() == PlanEvent.Verb.START) {
      cluster.start(peer, seq, value(event));
    } else {
      cluster.done(peer, seq);
    }
  }

  /** What a start of the plan wants. */
  static Value value(PlanEvent start) {
    return Value.of("p" + start.peer() + "-" + start.number("id"));
  }

  private void happenOnWires(PlanEvent event) {
    switch (event.verb()) {
      case HEAL -> event.links().forEach((from, to) -> cluster.network().heal(from, to));
      case FAILFAST -> cluster.network().failFast(event.number("on") != 0);
      case WEATHER -> {
        LinkFaults weather = new LinkFaults(
            event.number("min"),
            event.number("max"),
            event.number("loss") / PPM,
            event.number("dup") / PPM,
            event.number("reorder") / PPM,
            event.number("corrupt") / PPM);
        event.links().forEach((from, to) -> cluster.network().behave(from, to, weather));
      }
      default -> event.links().forEach((from, to) -> cluster.network().cut(from, to));
    }
  }

  private void calm() {
    cluster.simulator().trace("calm");
    endFaults();
    long end = options.stormMicros() + options.calmMicrosMax();
    while (!isSettled() && cluster.simulator().nowMicros() < end) {
      cluster.run(LOOK_MICROS);
    }
    oracle.requireAllSettled(options.core(), cluster::host);
    // News of decisions and of done marks may still be on the way, from the storm even.
    do {
      cluster.run(LOOK_MICROS);
    } while (cluster.network().inFlight() > 0);
    oracle.requireSilence(options.core());
    cluster.run(SILENCE_MICROS);
  }

  private boolean isSettled() {
    return oracle.isAllSettled(options.core(), cluster::host);
  }

  /** The core is well from now on; the others are gone for good. */
  private void endFaults() {
    cluster.network().heal();
    cluster.network().behave(LinkFaults.NONE);
    for (int peer = 0; peer < options.peers(); peer++) {
      if (options.core().has(peer)) {
        cluster.clockRate(peer, 1);
        cluster.resume(peer);
      } else {
        cluster.network().isolate(peer);
      }
    }
  }
}
