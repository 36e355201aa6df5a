package dev.paxoskv.client.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import dev.paxoskv.client.history.Recorder;
import dev.paxoskv.paxos.journal.file.FileTrouble;
import dev.paxoskv.sim.lin.Call;
import dev.paxoskv.sim.lin.History;
import dev.paxoskv.sim.lin.LinearizabilityChecker;
import dev.paxoskv.sim.lin.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv check}. */
@Command(
    name = "check",
    description = {
      "Tells whether what clients saw could have come from one copy of the data that handles one"
          + " call at a time. FILE is what bench --record has written; several FILEs are judged"
          + " together. Calls of put, append, delete, cas and get are judged, key by key; a FILE"
          + " with a scan or with several writes at once is refused.",
      "Exit code 0: it could; 1: it could not, and the calls that show it are printed; 4: nobody"
          + " can tell, as the search was given up or a recording has no end."
    })
final class CheckCommand implements Callable<Integer> {
  /** How a recorder writes down a scan and several writes at once. */
  private static final Pattern SEVERAL_KEYS = Pattern.compile("\\S+ \\S+ (scan|write_all) - \\S+");

  private final KvCommand kv;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Recorded histories.")
  private List<Path> files = List.of();

  @Option(names = "--json", description = "Prints the result as one JSON document.")
  private boolean isJson;

  CheckCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() {
    List<Call> calls = new ArrayList<>();
    List<Path> cut = new ArrayList<>();
    for (Path file : files) {
      List<String> lines = lines(file);
      calls.addAll(parse(file, lines));
      if (lines.isEmpty() || !lines.get(lines.size() - 1).equals(Recorder.END)) {
        cut.add(file);
      }
    }
    Verdict verdict = new LinearizabilityChecker().check(new History(calls));
    kv.print(isJson ? json(verdict, calls.size(), cut) : text(verdict, calls.size()));
    kv.written();
    if (!cut.isEmpty()) {
      return kv.complain(
          KvCommand.NOT_APPLIED,
          "not applied: " + cut + " has no end: its writer was killed, and calls are missing");
    }
    return switch (verdict.kind()) {
      case LEGAL -> KvCommand.DONE;
      case ILLEGAL -> KvCommand.NOT_FOUND;
      case UNDECIDED ->
        kv.complain(KvCommand.NOT_APPLIED, "not applied: the search was given up at its limit");
    };
  }

  /** Whole lines: the last one of a writer that was killed is not. */
  private static List<String> lines(Path file) {
    try {
      String text = Files.readString(file);
      boolean isWhole = text.endsWith("\n") || text.endsWith(Recorder.END);
      return (isWhole ? text : text.substring(0, text.lastIndexOf('\n') + 1))
          .lines()
          .toList();
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file + ": " + FileTrouble.why(e), e);
    }
  }

  private static List<Call> parse(Path file, List<String> lines) {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      try {
        calls.addAll(History.parse(line).calls());
      } catch (IllegalArgumentException e) {
        String why = SEVERAL_KEYS.matcher(line).matches()
            ? " is a call about several keys at one moment; they are judged one by one, and to"
                + " leave it out would judge half of what happened: "
            : " is no call of put, append, delete, cas or get: ";
        throw new IllegalArgumentException(file + ", line " + (i + 1) + "," + why + line, e);
      }
    }
    return calls;
  }

  private static String text(Verdict verdict, int calls) {
    return verdict.isLegal()
        ? "linearizable: " + calls + " calls"
        : verdict.toString().strip();
  }

  private static String json(Verdict verdict, int calls, List<Path> cut) {
    JsonObject object = new JsonObject();
    object.addProperty("verdict", verdict.kind().name().toLowerCase(Locale.ROOT));
    object.addProperty("calls", calls);
    object.addProperty("isWhole", cut.isEmpty());
    object.addProperty("key", verdict.key().orElse(null));
    object.addProperty("unplaced", verdict.unplaced().map(Call::toString).orElse(null));
    object.addProperty("around", verdict.around().toString());
    return new GsonBuilder().serializeNulls().setPrettyPrinting().create().toJson(object);
  }
}
