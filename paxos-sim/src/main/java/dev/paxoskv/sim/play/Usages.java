package dev.paxoskv.sim.play;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How each command is written, and what it does. */
final class Usages {
  private record Usage(String written, String does) {
    String name() {
      return written.split(" ", 2)[0];
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%-28s %s", written, does);
    }
  }

  private static final List<Usage> ALL = List.of(
      new Usage("peers 3", "begins anew with so many; leads: they choose a leader"),
      new Usage("start 0 seq=4 v=x", "peer 0 wants instance 4 to be x"),
      new Usage("inflight", "which messages are on their way"),
      new Usage(
          "deliver 0->1 accept", "lets messages arrive: all that fit; #2: the second of them"),
      new Usage("deliver all", "lets everything arrive, and what follows from it"),
      new Usage("settle", "the same, and tells only of decisions"),
      new Usage("drop 0->1", "what fits is lost"),
      new Usage("fail 0->1", "what fits is lost, and its sender hears of it"),
      new Usage("duplicate 0->1", "what fits is on its way twice"),
      new Usage("cut 0 1", "they are parted; cut 0->1: one way; cut 0 1 | 2: two sides"),
      new Usage("deaf 2", "nobody reaches peer 2, but it hears answers"),
      new Usage("heal", "the network is whole again"),
      new Usage("timeout 0", "time passes until peer 0 does something"),
      new Usage("tick 0 25", "so many ticks pass for peer 0; tick all: one for everybody"),
      new Usage("run 120", "so many ticks pass for all, and messages take none"),
      new Usage("crash 2", "peer 2 stops for ever; what was not durable is lost"),
      new Usage("hold-journal 1", "the disk of peer 1 takes its time"),
      new Usage("sync 1", "now it is done"),
      new Usage("full 1", "the disk of peer 1 has room for what has begun only"),
      new Usage("free 1", "it has room again"),
      new Usage("done 1 4", "peer 1 needs no instance up to 4 any more"),
      new Usage("forward 1 v=x", "peer 1 hands x on to the leader"),
      new Usage("propose 0", "peer 0 starts what was handed to it"),
      new Usage("read 2", "peer 2 asks how far a read must wait"),
      new Usage("snapshot 0", "peer 0 saves its state; peers 3 applies: there is one"),
      new Usage("status", "what each peer says; status 1 seq=4: one peer, one instance"),
      new Usage("explain seq=4", "what the roles of each peer hold of instance 4"),
      new Usage("leader", "whom each peer takes for the leader"),
      new Usage("min", "below it everything is forgotten"),
      new Usage("max", "the highest instance that each peer knows of"),
      new Usage("disks", "whether a majority has room"),
      new Usage("journal 1", "what peer 1 has written"),
      new Usage("check", "whether all agree, and no record is below a promise"),
      new Usage("plant promises-hide-votes", "before peers: makes them wrong on purpose"));

  private Usages() {}

  static List<String> names() {
    return ALL.stream().map(Usage::name).distinct().toList();
  }

  /** All of them, a line each. */
  static String all() {
    return ALL.stream().map(Usage::toString).collect(Collectors.joining("\n"));
  }

  /** How {@code name} is written; what else there is, if there is no such command. */
  static String of(String name) {
    String written = ALL.stream()
        .filter(usage -> usage.name().equals(name))
        .map(Usage::written)
        .collect(Collectors.joining("; "));
    return written.isEmpty() ? "there is " + String.join(" ", names()) : "write " + written;
  }
}
