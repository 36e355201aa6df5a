package dev.paxoskv.sim.play;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.sim.golden.GoldenScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The command behind {@code scripts/play}: moves peers by hand, a command a line. What it prints is
 * a golden script again.
 */
final class PlayMain {
  private static final String USAGE = """
      usage: play [FILE]
        plays the golden script in FILE, if one is given, then the lines of standard input""";
  private static final String COMMAND = "> ";
  private static final String OUTCOME = "  ";
  private static final String GREETING = """
      # Peers of the product, and nothing happens that you do not ask for. Try: peers 3,
      # start 0 seq=0 v=x, inflight, deliver 0->1, status. help: all commands; Ctrl-D: the end.""";

  private final GoldenScript.Hand hand = new GoldenScript.Hand();
  private final PrintStream out;

  private PlayMain(PrintStream out) {
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    System.exit(run(System.in, System.out, Boolean.getBoolean("play.terminal"), args));
  }

  /**
   * Returns the exit code: 0 for all well, 1 if a line could not be performed and nobody was there
   * to write another, 2 for wrong arguments.
   *
   * @param isAtTerminal whether a person writes {@code in} and reads {@code out} line by line
   */
  static int run(InputStream in, PrintStream out, boolean isAtTerminal, String... args)
      throws IOException {
    if (args.length > 1 || (args.length == 1 && args[0].startsWith("-"))) {
      out.println(USAGE);
      return 2;
    }
    PlayMain play = new PlayMain(out);
    if (args.length == 1) {
      Path file = Path.of(args[0]);
      if (!Files.isRegularFile(file)) {
        out.println("there is no file " + file + "\n" + USAGE);
        return 2;
      }
      if (!play.isPlayed(Files.readAllLines(file))) {
        return 1;
      }
    }
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8));
    return isAtTerminal ? play.talk(lines) : play.copy(lines);
  }

  private boolean isPlayed(List<String> script) {
    for (String line : script) {
      if (line.startsWith(COMMAND)) {
        out.println(line);
        if (!isPerformed(line.substring(COMMAND.length()))) {
          return false;
        }
      } else if (!line.startsWith(OUTCOME)) {
        out.println(line);
      }
    }
    return true;
  }

  private int talk(BufferedReader in) throws IOException {
    out.println(GREETING);
    out.print(COMMAND);
    out.flush();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String command = commandOf(line);
      if (command.equals("help")) {
        out.println(Usages.all());
      } else if (!command.isEmpty()) {
        isPerformed(command);
      }
      out.print(COMMAND);
      out.flush();
    }
    out.println();
    return 0;
  }

  private int copy(BufferedReader in) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String command = commandOf(line);
      boolean isOutcome = line.startsWith(OUTCOME);
      if (command.isEmpty() && !isOutcome) {
        out.println(line);
      } else if (!isOutcome) {
        out.println(COMMAND + command);
        if (!isPerformed(command)) {
          return 1;
        }
      }
    }
    return 0;
  }

  /** What {@code line} asks for, with or without the mark before it; empty for a remark. */
  private static String commandOf(String line) {
    String command = line.startsWith(COMMAND) ? line.substring(COMMAND.length()) : line;
    return command.startsWith("#") ? "" : command.strip();
  }

  private boolean isPerformed(String command) {
    try {
      hand.perform(command).forEach(outcome -> out.println(OUTCOME + outcome));
      return true;
    } catch (IllegalArgumentException e) {
      out.println("# " + e.getMessage() + "; " + Usages.of(command.split(" ", 2)[0]));
      return false;
    }
  }
}
