package dev.paxoskv.sim.explore;

import dev.paxoskv.sim.explore.Move.Kind;
import dev.paxoskv.sim.explore.PeerStates.Step;
import dev.paxoskv.sim.golden.GoldenScript;
import dev.paxoskv.sim.golden.Packet;
import dev.paxoskv.sim.golden.Plant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes a way through the states as a golden script, which goes the same way. */
final class Replay {
  private final Scenario scenario;
  private final PeerStates peers;

  Replay(Scenario scenario, PeerStates peers) {
    this.scenario = scenario;
    this.peers = peers;
  }

  String script(String wrong, List<Move> moves) {
    List<String> lines = new ArrayList<>();
    lines.add("# Found by the explorer: " + wrong + ".");
    lines.add("# The shortest way there, " + moves.size() + " steps.");
    lines.add("");
    if (scenario.plant() != Plant.NONE) {
      lines.add("> plant " + scenario.plant().word());
    }
    lines.add("> peers " + scenario.peers());
    if (scenario.isJournalHeld()) {
      lines.add("> hold-journal all");
    }
    lines.addAll(commands(moves));
    lines.add("> check");
    return GoldenScript.rewrite(String.join("\n", lines) + "\n");
  }

  /** A message that the way needs again later must be doubled before it arrives. */
  private List<String> commands(List<Move> moves) {
    Set<Integer> doubled = new TreeSet<>();
    while (true) {
      int before = doubled.size();
      List<String> commands = commands(moves, doubled);
      if (doubled.size() == before) {
        return commands;
      }
    }
  }

  private List<String> commands(List<Move> moves, Set<Integer> doubled) {
    List<String> commands = new ArrayList<>();
    List<Packet> inFlight = new ArrayList<>();
    int[] states = new int[scenario.peers()];
    Arrays.setAll(states, peers::first);
    for (int i = 0; i < moves.size(); i++) {
      Move move = moves.get(i);
      if (move.kind() == Kind.DELIVER || move.kind() == Kind.FAIL) {
        Packet packet = peers.packets().get(move.arg());
        if (!inFlight.contains(packet)) {
          doubled.add(lastUse(moves, i));
          return commands;
        }
        String words = packet.wordsAmong(inFlight);
        if (doubled.contains(i)) {
          commands.add("> duplicate " + words);
          inFlight.add(inFlight.indexOf(packet) + 1, packet);
          words = packet.wordsAmong(inFlight);
        }
        commands.add((move.kind() == Kind.FAIL ? "> fail " : "> deliver ") + words);
        inFlight.remove(packet);
      } else {
        commands.add(command(move));
      }
      Step step = peers.step(states[move.peer()], move);
      states[move.peer()] = step.next();
      step.sent().forEach(number -> inFlight.add(peers.packets().get(number)));
    }
    return commands;
  }

  private static int lastUse(List<Move> moves, int before) {
    for (int i = before - 1; i >= 0; i--) {
      Move move = moves.get(i);
      boolean isUse = move.kind() == Kind.DELIVER || move.kind() == Kind.FAIL;
      if (isUse && move.arg() == moves.get(before).arg()) {
        return i;
      }
    }
    throw new IllegalStateException("never sent: " + moves.get(before));
  }

  private String command(Move move) {
    return switch (move.kind()) {
      case START -> {
        Scenario.Start start = scenario.starts().get(move.arg());
        yield "> start " + start.peer() + " seq=" + start.seq() + " v=" + start.value();
      }
      case DONE -> "> done " + move.peer() + " " + move.arg();
      case TIMEOUT -> "> timeout " + move.peer();
      case SYNC -> "> sync " + move.peer();
      case CRASH -> "> crash " + move.peer();
      case DELIVER, FAIL -> throw new IllegalArgumentException("needs a message");
    };
  }
}
