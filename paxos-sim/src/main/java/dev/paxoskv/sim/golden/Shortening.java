package dev.paxoskv.sim.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in a long list of commands the few after which {@code check} says that something is broken.
 * A command that cannot be performed, since what it needs was left out, is left out too; so a whole
 * chain of events goes with its first.
 */
final class Shortening {
  private static final String ONE = " #1";

  /** Where commands name a peer: after the verb, at both ends of an arrow, in a ballot. */
  private static final Pattern PEER =
      Pattern.compile("(?<=^[a-z]{1,9} )[0-9]+|(?<=->)[0-9]+|(?<= [0-9]{1,9}\\.)[0-9]+");

  /** The commands that could be performed, up to the first after which something was broken. */
  private record Run(List<String> performed, String verdict) {
    boolean isBroken() {
      return !verdict.isEmpty();
    }

    /** Whether the same is wrong, with whatever peers, instances and values. */
    boolean isLike(Run other) {
      return kind(verdict).equals(kind(other.verdict));
    }

    private static String kind(String verdict) {
      return verdict.replaceAll("[0-9.]+", "0");
    }
  }

  private Run best;

  private Shortening(Run best) {
    this.best = best;
  }

  /** The fewest that were found; empty if all of them together break nothing. */
  static Optional<List<String>> of(List<String> commands) {
    Run whole = follow(commands);
    if (!whole.isBroken()) {
      return Optional.empty();
    }
    Shortening shortening = new Shortening(whole);
    int before;
    do {
      before = shortening.size();
      shortening.dropCommands();
      shortening.loosen();
      shortening.dropPeers();
    } while (shortening.size() < before);
    shortening.simplify();
    return Optional.of(shortening.best.performed);
  }

  private int size() {
    return peers() + best.performed.size();
  }

  /** The later peers take the numbers of those that are left out. */
  private void dropPeers() {
    for (int peer = peers() - 1; peer >= 0 && peers() > 1; peer--) {
      int without = peer;
      List<String> candidate = new ArrayList<>(List.of("peers " + (peers() - 1)));
      best.performed.stream()
          .skip(1)
          .map(command -> without(without, command))
          .flatMap(Optional::stream)
          .forEach(candidate::add);
      keepIfBroken(candidate);
    }
  }

  private int peers() {
    return Integer.parseInt(best.performed.get(0).substring("peers ".length()));
  }

  /** Empty if the command is about this peer. */
  private static Optional<String> without(int gone, String command) {
    Matcher named = PEER.matcher(command);
    StringBuilder renumbered = new StringBuilder();
    while (named.find()) {
      int peer = Integer.parseInt(named.group());
      if (peer == gone) {
        return Optional.empty();
      }
      named.appendReplacement(renumbered, Integer.toString(peer > gone ? peer - 1 : peer));
    }
    return Optional.of(named.appendTail(renumbered).toString());
  }

  /** With the ballot left to what is on its way, other rounds than before will do. */
  private void loosen() {
    for (int i = 1; i < best.performed.size(); i++) {
      List<String> candidate = new ArrayList<>(best.performed);
      candidate.set(i, candidate.get(i).replaceFirst(" [0-9]+\\.[0-9]+ ", " "));
      Run run = follow(candidate);
      best = run.isLike(best) && run.performed.equals(candidate) ? run : best;
    }
  }

  /** Takes out halves, then quarters, and so on down to single commands; late ones first. */
  private void dropCommands() {
    for (int chunk = best.performed.size() / 2; chunk >= 1; chunk /= 2) {
      int end = best.performed.size();
      while (end > 1) {
        // The first makes the peers.
        int start = Math.max(1, end - chunk);
        List<String> candidate = new ArrayList<>(best.performed.subList(0, start));
        candidate.addAll(best.performed.subList(end, best.performed.size()));
        keepIfBroken(candidate);
        end = Math.min(start, best.performed.size());
      }
    }
  }

  /** Where only one message fits, the reader need not be told that it is the first. */
  private void simplify() {
    for (int i = 0; i < best.performed.size(); i++) {
      if (best.performed.get(i).endsWith(ONE)) {
        List<String> candidate = new ArrayList<>(best.performed);
        candidate.set(i, candidate.get(i).replace(ONE, ""));
        Run run = follow(candidate);
        best = run.isLike(best) && run.performed.equals(candidate) ? run : best;
      }
    }
  }

  private boolean keepIfBroken(List<String> candidate) {
    Run run = follow(candidate);
    boolean isBetter = run.isBroken() && run.isLike(best);
    if (isBetter) {
      best = run;
    }
    return isBetter;
  }

  private static Run follow(List<String> commands) {
    Commands hands = new Commands();
    List<String> performed = new ArrayList<>();
    for (String command : commands) {
      if (!isPerformed(hands, command)) {
        continue;
      }
      performed.add(command);
      String verdict = hands.perform("check").get(0);
      if (!verdict.equals(HandCluster.WELL)) {
        return new Run(performed, verdict);
      }
    }
    return new Run(performed, "");
  }

  private static boolean isPerformed(Commands hands, String command) {
    try {
      hands.perform(command);
      return true;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      // Such a message is not on its way, or there is no such peer.
      return false;
    }
  }
}
