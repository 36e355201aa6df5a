package dev.paxoskv.server.door.redis;

import dev.paxoskv.server.door.redis.wire.Request;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What this door understands. */
final class CommandTable {
  /** Makes a task of a request with a fitting number of parts. */
  interface Handler {
    Task on(Request request, Caller caller);
  }

  /**
   * One command, with what Redis tells of it.
   *
   * @param arity how many parts it has, the name included; if negative, at least as many
   * @param flags what kind of command it is, in Redis's words
   * @param firstKey the first part that is a key, or 0
   * @param lastKey the last one, from the end if negative
   * @param step from a key to the next
   */
  record Spec(String name, int arity, String flags, int firstKey, int lastKey, int step) {
    static Spec onKey(String name, int arity, String flags) {
      return new Spec(name, arity, flags, 1, 1, 1);
    }

    static Spec withoutKeys(String name, int arity, String flags) {
      return new Spec(name, arity, flags, 0, 0, 0);
    }

    boolean fits(int parts) {
      return arity >= 0 ? parts == arity : parts >= -arity;
    }
  }

  private record Known(Spec spec, Handler handler) {}

  private final Map<String, Known> commands = new LinkedHashMap<>();

  /** The same under names in capitals, as most clients write them. */
  private final Map<String, Known> capitals = new HashMap<>();

  void add(Spec spec, Handler handler) {
    Known known = new Known(spec, handler);
    commands.put(spec.name(), known);
    capitals.put(spec.name().toUpperCase(Locale.ROOT), known);
  }

  Collection<Spec> specs() {
    return commands.values().stream().map(Known::spec).toList();
  }

  Task task(Request request, Caller caller) {
    Known written = capitals.get(request.text(0));
    Known known = written == null ? commands.get(request.name()) : written;
    if (known == null) {
      return Task.failure("ERR unknown command '" + request.shown(0)
          + "', with args beginning with: " + arguments(request));
    }
    if (!known.spec().fits(request.size())) {
      return wrongNumber(request.name());
    }
    return known.handler().on(request, caller);
  }

  static Task wrongNumber(String name) {
    return Task.failure("ERR wrong number of arguments for '" + name + "' command");
  }

  private static String arguments(Request request) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < request.size() && text.length() < Request.SHOWN_BYTES_MAX; i++) {
      int left = Request.SHOWN_BYTES_MAX - text.length();
      text.append('\'').append(request.shown(i, left)).append("' ");
    }
    return text.toString();
  }
}
