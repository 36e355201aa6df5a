package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.protocol.Invariants.InvariantViolation;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A text of commands with what came of each below it: lines that begin with {@code >} are commands,
 * lines set in by two spaces are what they gave, all others are for the reader.
 *
 * <pre>
 * # A peer asks itself and the others.
 * > peers 3
 *   ok
 * > start 0 seq=4 v=x
 *   0     writes    promised seq=4 1.0
 *   0->1  prepare   seq=4 1.0
 *   0->2  prepare   seq=4 1.0
 * </pre>
 */
public final class GoldenScript {
  private static final String COMMAND = "> ";
  private static final String OUTCOME = "  ";

  /** Peers that are moved a command at a time. Not thread-safe. */
  public static final class Hand {
    private final Commands commands = new Commands();

    /**
     * Returns what came of one command, which stands without {@code >}, a line each.
     *
     * @throws IllegalArgumentException if it cannot be performed; says why
     */
    public List<String> perform(String command) {
      try {
        return commands.perform(command);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("a number is missing", e);
      } catch (NoSuchElementException | IndexOutOfBoundsException e) {
        throw new IllegalArgumentException("there is no such peer, or a word is missing", e);
      } catch (IllegalStateException | InvariantViolation e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }

  private GoldenScript() {}

  /**
   * The same text with what comes of each command now.
   *
   * @throws IllegalArgumentException if a command cannot be performed; names the line
   */
  public static String rewrite(String script) {
    Hand hand = new Hand();
    List<String> lines = new ArrayList<>();
    List<String> read = script.lines().toList();
    for (int i = 0; i < read.size(); i++) {
      String line = read.get(i);
      if (line.startsWith(COMMAND)) {
        lines.add(line);
        perform(hand, line, i + 1).forEach(outcome -> lines.add(OUTCOME + outcome));
      } else if (!line.startsWith(OUTCOME)) {
        lines.add(line);
      }
    }
    return String.join("\n", lines) + "\n";
  }

  private static List<String> perform(Hand hand, String line, int number) {
    try {
      return hand.perform(line.substring(COMMAND.length()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("line " + number + ", " + line + ": " + e.getMessage(), e);
    }
  }

  /**
   * Of a course of events, as commands without {@code >}, the few that break something, as a script
   * that ends with a {@code check} that says so.
   *
   * @param commands {@code peers} first; those that cannot be performed are passed over
   * @return empty if nothing that a check sees is broken by them
   */
  public static Optional<String> shortest(List<String> commands) {
    return Shortening.of(commands).map(few -> {
      List<String> lines = new ArrayList<>();
      few.forEach(command -> lines.add(COMMAND + command));
      lines.add(COMMAND + "check");
      return rewrite(String.join("\n", lines));
    });
  }

  /**
   * Where the script and what happens part, as a person wants to read it; empty if they do not.
   *
   * @param expected the script
   * @param actual the same, rewritten
   */
  public static String difference(String expected, String actual) {
    List<String> was = expected.lines().toList();
    List<String> is = actual.lines().toList();
    int at = 0;
    while (at < was.size() && at < is.size() && was.get(at).equals(is.get(at))) {
      at++;
    }
    if (at == was.size() && at == is.size()) {
      return "";
    }
    int from = at;
    while (from > 0 && !is.get(Math.min(from, is.size() - 1)).startsWith(COMMAND)) {
      from--;
    }
    return "line " + (at + 1) + "\nexpected:\n" + block(was, from) + "but now:\n" + block(is, from);
  }

  /** A command with what came of it. */
  private static String block(List<String> lines, int from) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < lines.size() && (i == from || !lines.get(i).startsWith(COMMAND)); i++) {
      text.append("    ").append(lines.get(i)).append('\n');
    }
    return text.toString();
  }
}
