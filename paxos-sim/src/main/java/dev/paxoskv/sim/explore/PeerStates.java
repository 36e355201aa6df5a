package dev.paxoskv.sim.explore;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.sim.explore.Scenario.Start;
import dev.paxoskv.sim.golden.HandPeer;
import dev.paxoskv.sim.golden.HandPeer.Event;
import dev.paxoskv.sim.golden.Packet;
import dev.paxoskv.sim.golden.Safety.Facts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every state that a single peer has been seen in, every message that has been sent, and what each
 * step led to. A peer is a pure object, so a step from the same state with the same input need be
 * taken by the real roles only once; after that it is a look-up, and the states of the whole group
 * are nothing but numbers.
 */
final class PeerStates {

  /**
   * One state.
   *
   * @param peer to be copied, never changed
   * @param isFinished whether it will never propose anything again
   * @param facts the number of what is checked
   * @param steps from it, as far as they were taken
   * @param spent which messages to it can never again matter
   * @param settled which requests to it can never again change it
   */
  record State(
      HandPeer peer,
      boolean isFinished,
      int facts,
      Map<Integer, Step> steps,
      Memo spent,
      Memo settled) {}

  /**
   * What a step leads to.
   *
   * @param next the number of the state
   * @param sent the numbers of the messages, in order
   * @param wrong what the step broke, if it did
   */
  record Step(int next, List<Integer> sent, Optional<String> wrong) {
    /** A step that the scenario does not allow. */
    static final Step NONE = new Step(-1, List.of(), Optional.empty());
  }

  private final Scenario scenario;
  private final Copier copier = new Copier();
  private final List<State> states = new ArrayList<>();
  private final Map<String, Integer> byDigest = new HashMap<>();
  private final List<Packet> packets = new ArrayList<>();
  private final Map<Packet, Integer> byPacket = new HashMap<>();
  private final List<Facts> facts = new ArrayList<>();
  private final Map<Facts, Integer> byFacts = new HashMap<>();

  PeerStates(Scenario scenario) {
    this.scenario = scenario;
  }

  /** The state in which {@code peer} begins. */
  int first(int peer) {
    HandPeer made = new HandPeer(peer, scenario.peers(), scenario.plant());
    if (scenario.isJournalHeld()) {
      made.hold();
    }
    return number(made);
  }

  State state(int number) {
    return states.get(number);
  }

  int size() {
    return states.size();
  }

  List<Packet> packets() {
    return packets;
  }

  Facts facts(int number) {
    return facts.get(number);
  }

  /** What {@code move} leads to from the state {@code number} of the peer that moves. */
  Step step(int number, Move move) {
    State from = states.get(number);
    int code = move.code();
    @Nullable Step known = from.steps().get(code);
    if (known != null) {
      return known;
    }
    Step taken = isAllowed(from.peer(), move) ? take(from.peer(), move) : Step.NONE;
    from.steps().put(code, taken);
    return taken;
  }

  private boolean isAllowed(HandPeer peer, Move move) {
    return switch (move.kind()) {
      case START -> !peer.hasStarted(scenario.starts().get(move.arg()).seq());
      case DELIVER, FAIL, CRASH -> true;
      case TIMEOUT -> peer.driving() > 0;
      case SYNC -> peer.isPending();
      case DONE -> peer.status(move.arg()).isDecided();
    };
  }

  private Step take(HandPeer before, Move move) {
    HandPeer after = copier.copy(before);
    perform(after, move);
    List<Integer> sent = new ArrayList<>();
    Optional<String> wrong = after.failure();
    for (Event event : after.drain()) {
      if (event.sent().isPresent()) {
        Packet packet = event.sent().get();
        if (packet.envelope().message() instanceof Prepare prepare
            && prepare.ballot().round() > scenario.roundsMax()) {
          return Step.NONE;
        }
        sent.add(number(packet));
      }
    }
    return new Step(number(after), List.copyOf(sent), wrong.or(() -> memory(before, after)));
  }

  private void perform(HandPeer peer, Move move) {
    switch (move.kind()) {
      case START -> {
        Start start = scenario.starts().get(move.arg());
        peer.start(start.seq(), start.value());
      }
      case DELIVER -> peer.deliver(packets.get(move.arg()));
      case FAIL -> peer.sendFailed(packets.get(move.arg()));
      case TIMEOUT -> peer.timeout();
      case SYNC -> peer.sync();
      case DONE -> peer.done(move.arg());
      case CRASH -> peer.crash();
    }
  }

  /** An acceptor's promise never falls, and below the floor it accepts nothing. */
  private static Optional<String> memory(HandPeer before, HandPeer after) {
    Map<Long, Ballot> promises = after.inside().promises();
    for (Map.Entry<Long, Ballot> promise : before.inside().promises().entrySet()) {
      long seq = promise.getKey();
      Ballot now = promises.getOrDefault(seq, Ballot.ZERO);
      if (seq >= after.min() && !now.isAtLeast(promise.getValue())) {
        return Optional.of("the promise for seq=" + seq + " fell to " + now);
      }
    }
    int old = before.durable().size() + before.pending().size();
    List<DurableRecord> written = new ArrayList<>(after.durable());
    written.addAll(after.pending());
    return written.stream()
        .skip(old)
        .filter(record -> record instanceof DurableRecord.Voted && record.seq() < before.min())
        .map(record -> "a vote below the floor: " + record)
        .findFirst();
  }

  private int number(HandPeer peer) {
    boolean isFinished = Spent.isFinished(scenario, peer);
    String digest = Digest.of(peer, isFinished);
    @Nullable Integer known = byDigest.get(digest);
    if (known != null) {
      return known;
    }
    byDigest.put(digest, states.size());
    int factsOf = number(Facts.of(peer));
    states.add(new State(peer, isFinished, factsOf, new HashMap<>(), new Memo(), new Memo()));
    return states.size() - 1;
  }

  private int number(Facts of) {
    return byFacts.computeIfAbsent(of, each -> {
      facts.add(each);
      return facts.size() - 1;
    });
  }

  private int number(Packet packet) {
    return byPacket.computeIfAbsent(packet, each -> {
      packets.add(each);
      return packets.size() - 1;
    });
  }
}
