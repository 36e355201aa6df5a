package dev.paxoskv.client.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.paxoskv.proto.kv.BallotName;
import dev.paxoskv.proto.kv.Driving;
import dev.paxoskv.proto.kv.Explanation;
import dev.paxoskv.proto.kv.Explanation.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What {@code kv explain} prints: what each server knows of an instance, and what follows from all
 * of it.
 */
final class ExplainReport {
  /**
   * What one server says.
   *
   * @param said empty if it does not answer
   * @param silence why not; empty if it does
   */
  record Row(String address, Optional<Explanation> said, Optional<String> silence) {}

  private static final String NOTHING = "-";

  private final long seq;
  private final List<Row> rows;
  private final List<Explanation> said;

  ExplainReport(long seq, List<Row> rows) {
    this.seq = seq;
    this.rows = List.copyOf(rows);
    this.said = rows.stream().map(Row::said).flatMap(Optional::stream).toList();
  }

  /** For people: the sum, a line for each server, and what holds the log back. */
  List<String> text() {
    List<String> lines = new ArrayList<>();
    lines.add("instance " + seq + ": " + verdict());
    rows.forEach(row -> lines.add("  " + row.address() + ": "
        + row.said()
            .map(ExplainReport::line)
            .orElseGet(() -> "silent, " + row.silence().orElse(NOTHING))));
    lines.add(promises());
    pins().ifPresent(lines::add);
    return lines;
  }

  private String verdict() {
    Optional<Explanation> decided = first(Fate.DECIDED);
    if (decided.isPresent()) {
      return "decided" + value(decided.get());
    } else if (first(Fate.FORGOTTEN).isPresent()) {
      return "decided, applied, and forgotten since no server needs it any more";
    }
    Map<String, List<Integer>> votes = new TreeMap<>();
    said.stream()
        .filter(Explanation::hasVoted)
        .forEach(one -> votes
            .computeIfAbsent(name(one.getVoted()), ballot -> new ArrayList<>())
            .add(one.getIndex()));
    for (Map.Entry<String, List<Integer>> each : votes.entrySet()) {
      if (each.getValue().size() >= majority()) {
        return "chosen, as a majority accepted it under ballot " + each.getKey()
            + "; nobody that was asked knows yet";
      }
    }
    boolean isUsed = said.stream().anyMatch(one -> one.getMax() >= seq);
    return isUsed ? "not decided" : "not begun, as far as those know that answer";
  }

  private Optional<Explanation> first(Fate fate) {
    return said.stream().filter(one -> one.getFate() == fate).findFirst();
  }

  private static String value(Explanation of) {
    return of.getValueBytes() == 0
        ? ", a no-op"
        : String.format(
            Locale.ROOT, ", %d bytes, checksum %x", of.getValueBytes(), of.getValueChecksum());
  }

  private static String line(Explanation one) {
    String fate = one.getFate().name().toLowerCase(Locale.ROOT);
    String state = one.getFate() == Fate.FORGOTTEN
        ? ""
        : ", promised " + name(one.getPromised()) + ", accepted "
            + (one.hasVoted() ? "under " + name(one.getVoted()) : "nothing");
    String lost = one.getIsVoteLost() ? ", abstains as its disk lost its vote" : "";
    boolean isApplied = one.getApplied() >= one.getSeq();
    String drive = one.hasDriving() ? "; " + drive(one.getDriving()) : "";
    return "server " + one.getIndex() + ": " + fate + state + lost + ", applied "
        + (isApplied ? "" : "only ") + "up to " + one.getApplied() + drive;
  }

  private static String drive(Driving driving) {
    String phase = switch (driving.getPhase()) {
      case PREPARING -> "asks for promises";
      case ACCEPTING -> "asks for votes";
      default -> "waits to ask again";
    };
    return "proposes: " + phase + " under " + name(driving.getBallot()) + ", try "
        + (driving.getAttempts() + 1) + ", yes " + list(driving.getAgreedList()) + ", no "
        + list(driving.getRefusedList()) + ", unreachable " + list(driving.getUnreachableList());
  }

  /** Who has promised most, and who is missing for a majority. */
  private String promises() {
    List<Integer> silent = new ArrayList<>();
    for (int index = 0; index < size(); index++) {
      int wanted = index;
      if (said.stream().noneMatch(one -> one.getIndex() == wanted)) {
        silent.add(index);
      }
    }
    String unheard = silent.isEmpty() ? "" : "; nothing is known of " + list(silent);
    Map<String, List<Integer>> promised = new TreeMap<>();
    said.stream()
        .filter(one -> one.getFate() != Fate.FORGOTTEN)
        .forEach(one -> promised
            .computeIfAbsent(name(one.getPromised()), ballot -> new ArrayList<>())
            .add(one.getIndex()));
    String who = promised.entrySet().stream()
        .map(each -> "ballot " + each.getKey() + " by " + list(each.getValue()))
        .collect(Collectors.joining(", "));
    return "promised: " + (who.isEmpty() ? "nothing is left to tell" : who) + unheard
        + "; a majority is " + majority() + " of " + size();
  }

  /** Which server keeps the others from forgetting, as the one says that knows most. */
  private Optional<String> pins() {
    return said.stream().max((a, b) -> Long.compare(sum(a), sum(b))).map(one -> {
      long least = one.getDoneList().stream().mapToLong(Long::longValue).min().orElse(-1);
      List<Integer> lowest = new ArrayList<>();
      for (int index = 0; index < one.getDoneCount(); index++) {
        if (one.getDone(index) == least) {
          lowest.add(index);
        }
      }
      boolean isOne = lowest.size() == 1;
      return "min is " + (least + 1) + ": no more can be forgotten before "
          + (isOne ? "server " : "servers ") + list(lowest) + (isOne ? " is" : " are")
          + " done with " + (least + 1) + "; done up to "
          + one.getDoneList().stream().map(String::valueOf).collect(Collectors.joining(", "));
    });
  }

  private static long sum(Explanation one) {
    return one.getDoneList().stream().mapToLong(Long::longValue).sum();
  }

  private int size() {
    return said.stream().mapToInt(Explanation::getDoneCount).max().orElse(rows.size());
  }

  private int majority() {
    return size() / 2 + 1;
  }

  private static String name(BallotName ballot) {
    return ballot.getRound() == 0 ? "none" : ballot.getRound() + "." + ballot.getPeer();
  }

  private static String list(List<Integer> indexes) {
    return indexes.isEmpty()
        ? "nobody"
        : indexes.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** One JSON document. */
  String json() {
    JsonArray servers = new JsonArray();
    for (Row row : rows) {
      JsonObject object = new JsonObject();
      object.addProperty("address", row.address());
      object.addProperty("reachable", row.said().isPresent());
      row.said().ifPresent(one -> fill(object, one));
      row.silence().ifPresent(why -> object.addProperty("silence", why));
      servers.add(object);
    }
    JsonObject document = new JsonObject();
    document.addProperty("seq", seq);
    document.addProperty("verdict", verdict());
    document.addProperty("pins", pins().orElse(null));
    document.add("servers", servers);
    return new GsonBuilder()
        .serializeNulls()
        .disableHtmlEscaping()
        .setPrettyPrinting()
        .create()
        .toJson(document);
  }

  private static void fill(JsonObject object, Explanation one) {
    object.addProperty("index", one.getIndex());
    object.addProperty("fate", one.getFate().name().toLowerCase(Locale.ROOT));
    object.addProperty("promised", name(one.getPromised()));
    if (one.hasVoted()) {
      object.addProperty("accepted", name(one.getVoted()));
    } else {
      object.add("accepted", JsonNull.INSTANCE);
    }
    object.addProperty("voteLost", one.getIsVoteLost());
    object.addProperty("driving", one.hasDriving() ? drive(one.getDriving()) : null);
    object.addProperty("applied", one.getApplied());
    object.addProperty("min", one.getMin());
    object.addProperty("max", one.getMax());
    object.addProperty("leader", one.getLeader());
    JsonArray done = new JsonArray();
    one.getDoneList().forEach(done::add);
    object.add("done", done);
    JsonArray answering = new JsonArray();
    one.getAnsweringList().forEach(answering::add);
    object.add("answering", answering);
  }
}
