package dev.paxoskv.client.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.shell.jline3.PicocliJLineCompleter;

/** {@code kv shell}. */
@Command(
    name = "shell",
    description = {
      "Reads commands, one a line, until exit or the end of the input: get k, put k 'two words'.",
      "help lists them, help get tells of one. At a terminal it completes and keeps a history in"
          + " ~/.kv_history.",
      "Exit code: that of the first command that failed, or 0. Others are carried out all the same."
    })
final class ShellCommand implements Callable<Integer> {
  private static final String PROMPT = "kv> ";
  private static final String QUOTES = "\"'";
  private static final char NO_QUOTE = 0;

  private final KvCommand kv;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else happens
  private CommandSpec spec;

  private int firstFailure = KvCommand.DONE;

  ShellCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() throws IOException {
    if (kv.around().isTerminal()) {
      converse();
    } else {
      obey();
    }
    return firstFailure;
  }

  /** A person types. */
  private void converse() throws IOException {
    CommandSpec all = spec.root();
    try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
      LineReader reader = LineReaderBuilder.builder()
          .terminal(terminal)
          .parser(parser())
          .completer(new PicocliJLineCompleter(all))
          .variable(LineReader.HISTORY_FILE, history())
          .build();
      boolean goesOn = true;
      while (goesOn) {
        goesOn = converse(reader);
      }
    }
  }

  /** One line; false at the end. */
  private boolean converse(LineReader reader) {
    try {
      reader.readLine(PROMPT);
      return obey(reader.getParsedLine().line());
    } catch (UserInterruptException e) {
      // Gives up the line, as in other shells.
      return true;
    } catch (EndOfFileException e) {
      return false;
    }
  }

  /** A file or another program speaks. */
  private void obey() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(kv.around().in(), kv.around().arguments()));
    boolean goesOn = true;
    for (String line = lines.readLine(); goesOn && line != null; line = lines.readLine()) {
      goesOn = obey(line);
    }
  }

  private boolean obey(String line) {
    Optional<List<String>> words = words(line);
    if (words.isEmpty()) {
      note(kv.complain(KvCommand.BAD_USAGE, "kv: a quote is not closed in: " + line));
      return true;
    }
    return obey(words.get());
  }

  /**
   * The words of a line; empty if a quote is not closed. A quote with which a word begins holds it
   * together, also an empty one; one inside of it is a sign that does so, too.
   *
   * <p>Not those that the line editor's parser finds: it drops empty ones, and makes one of the
   * blanks at a line's end, so that {@code put k } emptied k.
   */
  private static Optional<List<String>> words(String line) {
    List<String> words = new ArrayList<>();
    Optional<StringBuilder> word = Optional.empty();
    char quote = NO_QUOTE;
    boolean isAround = false;
    for (int i = 0; i < line.length(); i++) {
      char next = line.charAt(i);
      boolean opens = quote == NO_QUOTE && QUOTES.indexOf(next) >= 0;
      boolean closes = quote != NO_QUOTE && quote == next;
      if (quote == NO_QUOTE && Character.isWhitespace(next)) {
        word.ifPresent(done -> words.add(done.toString()));
        word = Optional.empty();
        continue;
      }
      isAround = opens ? word.isEmpty() : isAround;
      word = Optional.of(word.orElseGet(StringBuilder::new));
      if (opens || closes) {
        quote = opens ? next : NO_QUOTE;
      }
      if (!((opens || closes) && isAround)) {
        word.get().append(next);
      }
    }
    word.ifPresent(done -> words.add(done.toString()));
    return quote == NO_QUOTE ? Optional.of(words) : Optional.empty();
  }

  /** Returns whether there may be more. */
  private boolean obey(List<String> words) {
    if (words.isEmpty() || words.get(0).startsWith("#")) {
      return true;
    }
    String first = words.get(0);
    if (first.equals("exit") || first.equals("quit")) {
      return false;
    }
    if (first.equals("shell")) {
      note(kv.complain(KvCommand.BAD_USAGE, "kv: this is a shell already"));
      return true;
    }
    if (first.equals("help")) {
      words.remove(0);
      words.add("--help");
    }
    try (Results results = new Results(kv.around().out())) {
      note(KvCommand.run(inner(results), kv.inherited(words)));
    }
    return true;
  }

  /** The input is the shell's, so a VALUE of {@code -} is refused. */
  private Surroundings inner(Results results) {
    Surroundings outer = kv.around();
    return new Surroundings(
        new NoInput(),
        new PrintStream(results, true, StandardCharsets.UTF_8),
        outer.err(),
        outer.isTerminal(),
        outer.arguments(),
        outer.variables());
  }

  private void note(int code) {
    firstFailure = firstFailure == KvCommand.DONE ? code : firstFailure;
  }

  /** That of the line editor: a backslash is a sign like any other, and an open quote goes on. */
  private static DefaultParser parser() {
    DefaultParser parser = new DefaultParser();
    parser.setEscapeChars(new char[0]);
    parser.setEofOnUnclosedQuote(true);
    return parser;
  }

  private Path history() {
    String home = Optional.ofNullable(kv.around().variables().get("HOME")).orElse(".");
    return Path.of(home, ".kv_history");
  }

  /** What one command prints; ends with the end of a line, as other results may follow. */
  private static final class Results extends OutputStream {
    private final PrintStream to;
    private byte last = '\n';

    Results(PrintStream to) {
      this.to = to;
    }

    @Override
    public void write(int next) {
      write(new byte[] {(byte) next}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) {
      to.write(from, offset, length);
      last = length > 0 ? from[offset + length - 1] : last;
    }

    @Override
    public void flush() throws IOException {
      if (to.checkError()) {
        throw new IOException("it cannot be written to");
      }
    }

    @Override
    public void close() {
      if (last != '\n') {
        to.write('\n');
      }
      to.flush();
    }
  }

  private static final class NoInput extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("it is the shell's; write VALUE in quotes");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      return read();
    }
  }
}
