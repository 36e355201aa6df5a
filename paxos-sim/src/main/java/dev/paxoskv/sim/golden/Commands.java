package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Performs the commands of one script, one after the other. */
final class Commands {
  private Plant plant = Plant.NONE;
  private HandCluster cluster = new HandCluster(List.of());

  /** Performs one command and returns what came of it. */
  List<String> perform(String line) {
    List<String> words = List.of(line.trim().split(" +"));
    List<String> rest = words.subList(1, words.size());
    switch (words.get(0)) {
      case "plant" -> plant = Plant.of(rest.get(0));
      case "peers" -> cluster = new HandCluster(make(rest));
      case "start",
          "forward",
          "propose",
          "read",
          "done",
          "tick",
          "timeout",
          "hold-journal",
          "sync",
          "full",
          "free",
          "snapshot",
          "crash" -> peerCommand(words.get(0), rest);
      case "deliver", "settle", "run", "drop", "fail", "duplicate", "cut", "deaf", "heal" ->
        wireCommand(words.get(0), rest);
      case "status", "min", "max", "leader", "disks", "explain", "journal", "inflight", "check" ->
        question(words.get(0), rest);
      default -> throw new IllegalArgumentException("no such command");
    }
    return cluster.told();
  }

  private List<HandPeer> make(List<String> words) {
    int peers = Integer.parseInt(words.get(0));
    int catchUpTicks = (int) number(words, "catchup").orElse(0L).longValue();
    int pieceBytes = (int) number(words, "piece").orElse(100L).longValue();
    return IntStream.range(0, peers)
        .mapToObj(me -> new ReplicaConfig(
            me,
            peers,
            1,
            catchUpTicks,
            words.contains("leads"),
            ReplicaConfig.HEAP_BYTES,
            pieceBytes))
        .map(config -> new HandPeer(config, plant, machine(words)))
        .toList();
  }

  private static Optional<Notebook> machine(List<String> words) {
    return words.contains("applies") ? Optional.of(new Notebook()) : Optional.empty();
  }

  private void peerCommand(String command, List<String> words) {
    switch (command) {
      case "start" -> {
        String value = option(words, "v").orElseThrow();
        cluster.start(index(words), number(words, "seq").orElseThrow(), Value.of(value));
      }
      case "forward" ->
        cluster.forward(index(words), Value.of(option(words, "v").orElseThrow()));
      case "propose" -> cluster.propose(index(words));
      case "read" -> toPeers(words, HandPeer::read);
      case "done" -> toPeers(words, peer -> peer.done(Long.parseLong(words.get(1))));
      case "tick" -> tick(words, words.size() < 2 ? 1 : Integer.parseInt(words.get(1)));
      case "timeout" ->
        toPeers(words, peer -> cluster.tell(Text.line(words.get(0), "ticks", "" + peer.timeout())));
      case "snapshot" -> toPeers(words, HandPeer::snapshot);
      case "hold-journal" -> toPeers(words, HandPeer::hold);
      case "sync" -> toPeers(words, HandPeer::sync);
      case "full" -> toPeers(words, peer -> peer.full(true));
      case "free" -> toPeers(words, peer -> peer.full(false));
      default -> toPeers(words, HandPeer::crash);
    }
  }

  private void tick(List<String> words, int ticks) {
    for (int i = 0; i < ticks; i++) {
      toPeers(words, HandPeer::tick);
    }
  }

  private void toPeers(List<String> words, Consumer<HandPeer> action) {
    forEachMeant(words, index -> {
      action.accept(cluster.peer(index));
      cluster.gather(index);
    });
  }

  private void wireCommand(String command, List<String> words) {
    switch (command) {
      case "deliver" -> {
        if (words.equals(List.of("all"))) {
          cluster.deliverAll();
        } else {
          forEachPacket(words, cluster::deliver);
        }
      }
      case "settle" -> cluster.settle();
      case "run" -> cluster.run(Integer.parseInt(words.get(0)));
      case "drop" -> forEachPacket(words, cluster::drop);
      case "fail" -> forEachPacket(words, cluster::fail);
      case "duplicate" -> forEachPacket(words, cluster::duplicate);
      case "cut" -> cut(words);
      case "deaf" -> cluster.deafen(index(words));
      default -> cluster.heal();
    }
  }

  private void forEachPacket(List<String> words, Consumer<Packet> action) {
    List<Packet> meant = Selector.of(words).pick(List.copyOf(cluster.inFlight()));
    if (meant.isEmpty()) {
      throw new IllegalArgumentException("no such message is on its way");
    }
    meant.forEach(action);
  }

  /** {@code cut 0 1} both ways, {@code cut 0->1} one way, {@code cut 0 1 | 2} two sides. */
  private void cut(List<String> words) {
    int bar = words.indexOf("|");
    if (words.get(0).contains("->")) {
      String[] ends = words.get(0).split("->", -1);
      cluster.cut(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]));
    } else if (bar >= 0) {
      for (String left : words.subList(0, bar)) {
        words.subList(bar + 1, words.size()).forEach(right -> cutBoth(left, right));
      }
    } else {
      cutBoth(words.get(0), words.get(1));
    }
  }

  private void cutBoth(String one, String other) {
    cluster.cut(Integer.parseInt(one), Integer.parseInt(other));
    cluster.cut(Integer.parseInt(other), Integer.parseInt(one));
  }

  private void question(String command, List<String> words) {
    switch (command) {
      case "status" -> forEachMeant(words, peer -> status(peer, number(words, "seq")));
      case "min" ->
        forEachMeant(words, peer -> say(peer, "min", cluster.peer(peer).min()));
      case "max" ->
        forEachMeant(words, peer -> say(peer, "max", cluster.peer(peer).max()));
      case "leader" -> forEachMeant(words, this::leader);
      case "disks" -> forEachMeant(words, this::disks);
      case "explain" -> {
        long seq = number(words, "seq").orElseThrow();
        forEachMeant(words, peer -> say(peer, "", cluster.peer(peer).inside().explain(seq)));
      }
      case "journal" -> forEachMeant(words, this::journal);
      case "inflight" -> {
        cluster.inFlight().forEach(packet -> cluster.tell(packet.toString()));
        if (cluster.inFlight().isEmpty()) {
          cluster.tell("nothing");
        }
      }
      default -> cluster.tell(cluster.check());
    }
  }

  private void status(int index, Optional<Long> seq) {
    HandPeer peer = cluster.peer(index);
    if (peer.isDown()) {
      say(index, "", "down");
    } else if (seq.isPresent()) {
      say(index, "", text(peer.status(seq.get())));
    } else {
      List<String> known = new ArrayList<>();
      for (long each = peer.min(); each <= peer.max(); each++) {
        Status status = peer.status(each);
        if (status.isDecided()) {
          known.add(each + " " + text(status));
        }
      }
      String driving = peer.driving() == 0 ? "" : ", driving " + peer.driving();
      String range = "min " + peer.min() + ", max " + peer.max() + driving;
      say(index, "", range + (known.isEmpty() ? "" : ": " + String.join(", ", known)));
    }
  }

  private static String text(Status status) {
    String fate = status.fate().name().toLowerCase(Locale.ROOT);
    return status.value().map(value -> fate + " " + value).orElse(fate);
  }

  private void leader(int index) {
    int leader = cluster.peer(index).leader();
    say(index, "leader", leader < 0 ? "nobody" : leader);
  }

  private void disks(int index) {
    PeerSet inTheWay = cluster.peer(index).host().inTheWay();
    String named = IntStream.range(0, cluster.peers().size())
        .filter(inTheWay::has)
        .mapToObj(peer -> " " + peer)
        .collect(Collectors.joining());
    say(index, "disks", named.isEmpty() ? "enough" : "too few without" + named);
  }

  private void journal(int index) {
    HandPeer peer = cluster.peer(index);
    peer.durable().forEach(record -> say(index, "durable", Text.record(record)));
    peer.pending().forEach(record -> say(index, "pending", Text.record(record)));
  }

  private void say(int peer, String what, Object rest) {
    String text = what.isEmpty()
        ? String.format(Locale.ROOT, "%-5s %s", peer, rest)
        : Text.line(Integer.toString(peer), what, rest.toString());
    cluster.tell(text);
  }

  /** The peer that the first word names, or all of them. */
  private void forEachMeant(List<String> words, IntConsumer action) {
    boolean isOne = !words.isEmpty() && words.get(0).matches("[0-9]+");
    if (isOne) {
      action.accept(index(words));
    } else {
      IntStream.range(0, cluster.peers().size()).forEach(action);
    }
  }

  private static int index(List<String> words) {
    return Integer.parseInt(words.get(0));
  }

  private static Optional<Long> number(List<String> words, String name) {
    return option(words, name).map(Long::parseLong);
  }

  private static Optional<String> option(List<String> words, String name) {
    return words.stream()
        .filter(word -> word.startsWith(name + "="))
        .map(word -> word.substring(name.length() + 1))
        .findFirst();
  }
}
