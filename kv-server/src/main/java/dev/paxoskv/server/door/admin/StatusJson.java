package dev.paxoskv.server.door.admin;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import dev.paxoskv.proto.kv.ServerStatus;
import java.util.List;
import java.util.Locale;

/** How a server is, in the very words of {@code kv status --json} when only this one is asked. */
final class StatusJson {
  private static final Gson GSON = new GsonBuilder()
      .serializeNulls()
      .disableHtmlEscaping()
      .setPrettyPrinting()
      .create();

  private StatusJson() {}

  static String of(ServerStatus status) {
    JsonObject server = new JsonObject();
    server.addProperty("address", status.getPeers(status.getIndex()));
    server.addProperty("reachable", true);
    server.addProperty("index", status.getIndex());
    server.addProperty("applied", status.getApplied());
    server.addProperty("min", status.getMin());
    server.addProperty("max", status.getMax());
    if (status.getLeader() < 0) {
      server.add("leader", JsonNull.INSTANCE);
    } else {
      server.addProperty("leader", status.getLeader());
    }
    server.add("members", array(status.getMembersSeenList()));
    server.addProperty("stateHash", String.format(Locale.ROOT, "%016x", status.getStateHash()));
    server.addProperty("messagesSent", status.getMessagesSent());
    server.addProperty("syncs", status.getSyncs());
    if (status.getNotServing().isEmpty()) {
      server.add("notServing", JsonNull.INSTANCE);
    } else {
      server.addProperty("notServing", status.getNotServing());
    }
    JsonArray servers = new JsonArray();
    servers.add(server);
    JsonObject document = new JsonObject();
    document.add("servers", servers);
    return GSON.toJson(document) + "\n";
  }

  private static JsonArray array(List<Integer> numbers) {
    JsonArray array = new JsonArray();
    numbers.forEach(array::add);
    return array;
  }
}
