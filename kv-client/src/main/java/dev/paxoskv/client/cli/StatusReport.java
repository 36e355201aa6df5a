package dev.paxoskv.client.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.paxoskv.client.ServerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What {@code kv status} prints: one row per server that was asked, in that order. */
final class StatusReport {
  /**
   * One server.
   *
   * @param status empty if it did not answer
   * @param trouble why it did not answer or does not serve; empty if it does
   */
  record Row(String address, Optional<ServerStatus> status, Optional<String> trouble) {
    static Row answered(String address, ServerStatus status) {
      return new Row(address, Optional.of(status), status.notServing());
    }

    static Row silent(String address, String why) {
      return new Row(address, Optional.empty(), Optional.of(why));
    }
  }

  private static final List<String> HEADINGS = List.of(
      "SERVER",
      "REACHABLE",
      "INDEX",
      "APPLIED",
      "MIN",
      "MAX",
      "LEADER",
      "MEMBERS",
      "HASH",
      "NOT SERVING");
  private static final String NOTHING = "-";
  private static final Gson GSON = new GsonBuilder()
      .serializeNulls()
      .disableHtmlEscaping()
      .setPrettyPrinting()
      .create();

  private StatusReport() {}

  /** A table for people; {@code -} where there is nothing to say. */
  static List<String> table(List<Row> rows) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(HEADINGS);
    rows.forEach(row -> lines.add(cells(row)));
    int[] widths = new int[HEADINGS.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return lines.stream().map(line -> padded(line, widths)).toList();
  }

  private static List<String> cells(Row row) {
    return List.of(
        row.address(),
        row.status().isPresent() ? "yes" : "no",
        cell(row, ServerStatus::index),
        cell(row, ServerStatus::applied),
        cell(row, ServerStatus::min),
        cell(row, ServerStatus::max),
        cell(row, s -> s.leader().isPresent() ? s.leader().getAsLong() : NOTHING),
        cell(row, StatusReport::members),
        cell(row, StatusReport::hash),
        row.trouble().orElse(NOTHING));
  }

  private static String cell(Row row, Function<ServerStatus, Object> part) {
    return row.status().map(part).map(String::valueOf).orElse(NOTHING);
  }

  private static String members(ServerStatus status) {
    return status.membersSeen().stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  private static String hash(ServerStatus status) {
    return String.format("%016x", status.stateHash());
  }

  private static String padded(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
    }
    return line.toString().stripTrailing();
  }

  /** One JSON document with all the keys in every row, null where there is nothing to say. */
  static String json(List<Row> rows) {
    JsonArray servers = new JsonArray();
    rows.forEach(row -> servers.add(object(row)));
    JsonObject document = new JsonObject();
    document.add("servers", servers);
    return GSON.toJson(document);
  }

  private static JsonObject object(Row row) {
    JsonObject object = new JsonObject();
    object.addProperty("address", row.address());
    object.addProperty("reachable", row.status().isPresent());
    object.add("index", number(row.status().map(ServerStatus::index)));
    object.add("applied", number(row.status().map(ServerStatus::applied)));
    object.add("min", number(row.status().map(ServerStatus::min)));
    object.add("max", number(row.status().map(ServerStatus::max)));
    object.add(
        "leader",
        number(row.status()
            .map(ServerStatus::leader)
            .flatMap(l -> l.isPresent() ? Optional.of(l.getAsLong()) : Optional.empty())));
    JsonArray members = new JsonArray();
    row.status().ifPresent(status -> status.membersSeen().forEach(members::add));
    object.add("members", members);
    object.add("stateHash", text(row.status().map(StatusReport::hash)));
    object.add("messagesSent", number(row.status().map(ServerStatus::messagesSent)));
    object.add("syncs", number(row.status().map(ServerStatus::syncs)));
    object.add("notServing", text(row.trouble()));
    return object;
  }

  private static JsonElement number(Optional<? extends Number> number) {
    return number.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE);
  }

  private static JsonElement text(Optional<String> text) {
    return text.<JsonElement>map(JsonPrimitive::new).orElse(JsonNull.INSTANCE);
  }
}
