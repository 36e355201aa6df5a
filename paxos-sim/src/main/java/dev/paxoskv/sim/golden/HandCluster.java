package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A group of peers and the messages between them, in the order in which they were sent. What comes
 * of a call is told, line by line, to {@link #told}.
 */
final class HandCluster {
  /** Enough for every script; more means that the peers talk for ever. */
  private static final int DELIVERIES_MAX = 10_000;

  /** The verdict on a group in which nothing is wrong. */
  static final String WELL = "all well";

  private final List<HandPeer> peers = new ArrayList<>();
  private final List<Packet> inFlight = new ArrayList<>();
  private final TreeSet<String> cut = new TreeSet<>();
  private final TreeSet<Integer> deaf = new TreeSet<>();
  private final TreeMap<Long, Set<Value>> proposed = new TreeMap<>();
  private List<String> told = new ArrayList<>();

  HandCluster(List<HandPeer> peers) {
    this.peers.addAll(peers);
  }

  List<HandPeer> peers() {
    return peers;
  }

  HandPeer peer(int index) {
    return peers.get(index);
  }

  List<Packet> inFlight() {
    return inFlight;
  }

  /** What has happened since the last call. */
  List<String> told() {
    List<String> lines = told;
    told = new ArrayList<>();
    return lines;
  }

  void tell(String line) {
    told.add(line);
  }

  void start(int peer, long seq, Value value) {
    proposed.computeIfAbsent(seq, s -> new HashSet<>()).add(value);
    peer(peer).start(seq, value);
    gather(peer);
  }

  /** {@code peer} hands the value to whoever brings it to the leader. */
  void forward(int peer, Value value) {
    HandPeer from = peer(peer);
    int way = from.host().way();
    if (way < 0 || way == peer) {
      throw new IllegalArgumentException("peer " + peer + " hands nothing on");
    }
    from.step(() -> from.host().forward(way, value));
    gather(peer);
  }

  /** {@code peer} starts the oldest value that was handed to it, behind all instances it knows. */
  void propose(int peer) {
    Host host = peer(peer).host();
    if (!host.hasForwarded()) {
      throw new IllegalArgumentException("nothing was handed to peer " + peer);
    }
    start(peer, host.max() + 1, host.takeForwarded());
  }

  /** Delivers what is on its way and all that follows from it, until nothing is. */
  void deliverAll() {
    int deliveries = 0;
    while (!inFlight.isEmpty()) {
      if (deliveries++ == DELIVERIES_MAX) {
        throw new IllegalStateException("the peers do not come to rest");
      }
      deliver(inFlight.get(0));
    }
  }

  /** The same, but tells only of decisions and reads, and how many messages it took. */
  void settle() {
    deliverAll();
    List<String> all = told();
    long arrived = all.stream().filter(line -> line.contains("<-")).count();
    tell(Text.line("all", "arrived", arrived + (arrived == 1 ? " message" : " messages")));
    worthTelling(all).forEach(this::tell);
  }

  /**
   * Lets time pass for all, with messages that take none; tells what is worth it, and who begins to
   * lead, or ceases to.
   */
  void run(int ticks) {
    List<String> kept = new ArrayList<>();
    List<Boolean> led = leading();
    for (int tick = 1; tick <= ticks; tick++) {
      for (int peer = 0; peer < peers.size(); peer++) {
        peer(peer).tick();
        gather(peer);
        deliverAll();
        kept.addAll(worthTelling(told()));
      }
      List<Boolean> leads = leading();
      kept.addAll(changes(led, leads, tick));
      led = leads;
    }
    kept.forEach(this::tell);
  }

  private List<Boolean> leading() {
    return IntStream.range(0, peers.size())
        .mapToObj(peer -> peer(peer).leader() == peer)
        .toList();
  }

  private static List<String> changes(List<Boolean> before, List<Boolean> after, int tick) {
    return IntStream.range(0, after.size())
        .filter(peer -> !before.get(peer).equals(after.get(peer)))
        .mapToObj(peer -> {
          String what = after.get(peer) ? "leads" : "resigns";
          return Text.line(Integer.toString(peer), what, "at tick " + tick);
        })
        .toList();
  }

  private static List<String> worthTelling(List<String> lines) {
    return lines.stream()
        .filter(line -> Stream.of(" decides ", " reads ", " stops ").anyMatch(line::contains))
        .toList();
  }

  void deliver(Packet packet) {
    inFlight.remove(packet);
    String line = Text.line(
        packet.to() + "<-" + packet.from(), packet.kind(), Text.detail(packet.envelope()));
    if (isLost(packet) || peer(packet.to()).isDown()) {
      tell(line + "  (lost)");
      return;
    }
    tell(line);
    peer(packet.to()).deliver(packet);
    gather(packet.to());
  }

  /** The message is gone, and nobody hears of it. */
  void drop(Packet packet) {
    inFlight.remove(packet);
    tell(packet + "  (lost)");
  }

  /** The message is gone, and its sender hears of that. */
  void fail(Packet packet) {
    inFlight.remove(packet);
    tell(packet + "  (failed)");
    peer(packet.from()).sendFailed(packet);
    gather(packet.from());
  }

  void duplicate(Packet packet) {
    inFlight.add(inFlight.indexOf(packet) + 1, packet);
    tell(packet + "  (twice)");
  }

  void cut(int from, int to) {
    cut.add(from + "->" + to);
  }

  /** Nobody reaches {@code peer}, but it gets the answers to what it asks itself. */
  void deafen(int peer) {
    deaf.add(peer);
  }

  void heal() {
    cut.clear();
    deaf.clear();
  }

  /** Takes over what {@code peer} has done. */
  void gather(int peer) {
    for (HandPeer.Event event : peer(peer).drain()) {
      Optional<Packet> sent = event.sent();
      boolean isLost = sent.isPresent() && isLost(sent.get());
      tell(event.line() + (isLost ? "  (lost)" : ""));
      if (sent.isPresent() && !isLost) {
        inFlight.add(sent.get());
      }
    }
  }

  private boolean isLost(Packet packet) {
    return cut.contains(packet.way()) || (!packet.isAnswer() && deaf.contains(packet.to()));
  }

  /** Whether all is well, and if not, what is wrong. */
  String check() {
    List<Safety.Facts> facts = peers.stream().map(Safety.Facts::of).toList();
    return new Safety(peers.size(), proposed)
        .check(facts)
        .or(this::brokenPromise)
        .map("broken: "::concat)
        .orElse(WELL);
  }

  /** A record below an earlier one of the same acceptor. */
  private Optional<String> brokenPromise() {
    for (int peer = 0; peer < peers.size(); peer++) {
      TreeMap<Long, Ballot> promised = new TreeMap<>();
      for (DurableRecord record : peer(peer).durable()) {
        Ballot ballot = Text.ballot(record);
        // A mark is about instances that are forgotten.
        boolean isPromise = ballot.isAbove(Ballot.ZERO);
        Ballot before = isPromise
            ? promised.merge(record.seq(), ballot, (old, now) -> now.isAbove(old) ? now : old)
            : ballot;
        if (before.isAbove(ballot)) {
          return Optional.of(
              "peer " + peer + " promised " + before + " and then " + Text.record(record));
        }
      }
    }
    return Optional.empty();
  }
}
