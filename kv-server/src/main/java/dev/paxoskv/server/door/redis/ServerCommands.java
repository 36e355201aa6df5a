package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.door.redis.CommandTable.Spec;
import dev.paxoskv.server.door.redis.wire.Request;
import dev.paxoskv.server.door.redis.wire.Resp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** What is about this server. */
final class ServerCommands {
  /** Whose behaviour the table of tests compares with; clients choose by it what they ask for. */
  static final String REDIS_VERSION = "7.0.15";

  private final Supplier<ServerStatus> status;
  private final IntSupplier clients;
  private final IntSupplier keys;

  /**
   * Tells what these know.
   *
   * @param clients how many are connected
   * @param keys how many keys have a value here by now
   */
  ServerCommands(Supplier<ServerStatus> status, IntSupplier clients, IntSupplier keys) {
    this.status = status;
    this.clients = clients;
    this.keys = keys;
  }

  void addTo(CommandTable table) {
    table.add(
        Spec.withoutKeys("info", -1, "loading stale"),
        (r, c) -> new Task.Now(Resp.Bulk.of(info(r))));
    table.add(Spec.withoutKeys("config", -2, "admin noscript loading stale"), (r, c) -> config(r));
    table.add(Spec.withoutKeys("command", -1, "loading stale"), (r, c) -> command(r, table));
  }

  private String info(Request request) {
    ServerStatus now = status.get();
    StringBuilder text = new StringBuilder();
    for (String section : List.of("Server", "Clients", "Replication", "Paxoskv", "Keyspace")) {
      if (isAskedFor(request, section)) {
        text.append(text.isEmpty() ? "" : "\r\n").append("# ").append(section).append("\r\n");
        lines(section, now).forEach(line -> text.append(line).append("\r\n"));
      }
    }
    return text.toString();
  }

  private static boolean isAskedFor(Request request, String section) {
    List<String> all = List.of(section.toUpperCase(Locale.ROOT), "ALL", "DEFAULT", "EVERYTHING");
    for (int i = 1; i < request.size(); i++) {
      if (all.contains(request.word(i))) {
        return true;
      }
    }
    return request.size() == 1;
  }

  private List<String> lines(String section, ServerStatus now) {
    return switch (section) {
      case "Server" -> List.of("redis_version:" + REDIS_VERSION, "redis_mode:standalone");
      case "Clients" -> List.of("connected_clients:" + clients.getAsInt());
      case "Replication" -> List.of("role:master", "connected_slaves:0");
      case "Keyspace" ->
        keys.getAsInt() == 0
            ? List.of()
            : List.of("db0:keys=" + keys.getAsInt() + ",expires=0,avg_ttl=0");
      default ->
        List.of(
            "index:" + now.getIndex(),
            "leader:" + now.getLeader(),
            "applied:" + now.getApplied(),
            "state_hash:" + String.format("%016x", now.getStateHash()),
            "members_seen:" + now.getMembersSeenCount(),
            "not_serving:" + now.getNotServing());
    };
  }

  /** What redis-benchmark asks before it begins. */
  private static Task config(Request request) {
    if (!request.word(1).equals("GET") || request.size() < 3) {
      return Task.failure("ERR CONFIG " + request.shown(1)
          + " is not supported: this server is told everything by its flags");
    }
    List<Resp> found = new ArrayList<>();
    for (String name : List.of("appendonly", "save")) {
      byte[] bytes = name.getBytes(ISO_8859_1);
      if (request.from(2).stream().anyMatch(pattern -> new Glob(pattern).matches(bytes))) {
        found.add(Resp.Bulk.of(name));
        // There is a log, and it is not for Redis's kind of snapshots that it is cut.
        found.add(Resp.Bulk.of(name.equals("save") ? "" : "yes"));
      }
    }
    return new Task.Now(new Resp.Many(found));
  }

  private static Task command(Request request, CommandTable table) {
    if (request.size() == 1) {
      return new Task.Now(described(table, List.of()));
    }
    return switch (request.word(1)) {
      case "COUNT" ->
        request.size() == 2
            ? new Task.Now(new Resp.Int(table.specs().size()))
            : CommandTable.wrongNumber("command|count");
      case "INFO" -> new Task.Now(described(table, request.from(2)));
      // Texts for people; redis-cli goes without.
      case "DOCS" -> new Task.Now(new Resp.Many(List.of()));
      default ->
        Task.failure("ERR unknown subcommand '" + request.shown(1) + "'. Try COMMAND HELP.");
    };
  }

  /** Of these commands, or of all if none is named. */
  private static Resp described(CommandTable table, List<byte[]> names) {
    if (names.isEmpty()) {
      return new Resp.Many(table.specs().stream().map(ServerCommands::described).toList());
    }
    return new Resp.Many(names.stream()
        .map(name -> new String(name, ISO_8859_1))
        .map(name -> table.specs().stream()
            .filter(spec -> spec.name().equals(name.toLowerCase(Locale.ROOT)))
            .findFirst())
        .map(spec -> spec.map(ServerCommands::described).orElse(Resp.Bulk.NONE))
        .toList());
  }

  private static Resp described(Spec spec) {
    List<Resp.Simple> flags =
        Arrays.stream(spec.flags().split(" ", -1)).map(Resp.Simple::new).toList();
    Resp none = new Resp.Many(List.of());
    return new Resp.Many(List.of(
        Resp.Bulk.of(spec.name()),
        new Resp.Int(spec.arity()),
        new Resp.Many(flags),
        new Resp.Int(spec.firstKey()),
        new Resp.Int(spec.lastKey()),
        new Resp.Int(spec.step()),
        none,
        none,
        none,
        none));
  }
}
