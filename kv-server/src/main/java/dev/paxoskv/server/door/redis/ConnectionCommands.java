package dev.paxoskv.server.door.redis;

import dev.paxoskv.server.door.redis.CommandTable.Spec;
import dev.paxoskv.server.door.redis.wire.Request;
import dev.paxoskv.server.door.redis.wire.Resp;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What is about the connection and whoever is at its other end. */
final class ConnectionCommands {
  private static final String NO_PASSWORD = "ERR AUTH <password> called without any password"
      + " configured for the default user. Are you sure your configuration is correct?";
  private static final String NOT_THIS_NAME =
      "ERR Client names cannot contain spaces, newlines or special characters.";

  private ConnectionCommands() {}

  static void addTo(CommandTable table) {
    table.add(Spec.withoutKeys("ping", -1, "fast"), (r, c) -> ping(r));
    table.add(Spec.withoutKeys("echo", 2, "fast"), (r, c) -> new Task.Now(Resp.Bulk.of(r.part(1))));
    table.add(Spec.withoutKeys("hello", -1, "noscript loading stale fast"), (r, c) -> hello(r, c));
    table.add(Spec.withoutKeys("auth", -2, "noscript loading stale fast"), (r, c) -> auth(r));
    table.add(Spec.withoutKeys("select", 2, "loading stale fast"), (r, c) -> select(r));
    table.add(Spec.withoutKeys("client", -2, "noscript loading stale"), (r, c) -> client(r, c));
    table.add(Spec.withoutKeys("quit", -1, "noscript loading stale fast"), (r, c) -> {
      c.leave();
      return new Task.Now(Task.OK);
    });
    table.add(Spec.withoutKeys("reset", 1, "noscript loading stale fast"), (r, c) -> {
      c.name("");
      return new Task.Now(new Resp.Simple("RESET"));
    });
  }

  private static Task ping(Request request) {
    return switch (request.size()) {
      case 1 -> new Task.Now(new Resp.Simple("PONG"));
      case 2 -> new Task.Now(Resp.Bulk.of(request.part(1)));
      default -> CommandTable.wrongNumber("ping");
    };
  }

  /** There are no passwords here; whoever reaches the port may do everything. */
  private static Task auth(Request request) {
    return switch (request.size()) {
      case 2 -> Task.failure(NO_PASSWORD);
      case 3 ->
        authenticate(request, 1).<Task>map(failure -> failure).orElse(new Task.Now(Task.OK));
      default -> Task.syntaxError();
    };
  }

  /** As Redis does where no password is set: the default user passes with any. */
  private static Optional<Task.Now> authenticate(Request request, int user) {
    return request.text(user).equals("default")
        ? Optional.empty()
        : Optional.of(
            Task.failure("WRONGPASS invalid username-password pair or user is disabled."));
  }

  private static Task select(Request request) {
    OptionalLong index = Numbers.parse(request.text(1));
    if (index.isEmpty()) {
      return Task.notAnInteger();
    } else if (index.getAsLong() != (int) index.getAsLong()) {
      return Task.failure("ERR value is out of range, value must between " + Integer.MIN_VALUE
          + " and " + Integer.MAX_VALUE);
    }
    return index.getAsLong() == 0
        ? new Task.Now(Task.OK)
        : Task.failure("ERR DB index is out of range");
  }

  private static Task hello(Request request, Caller caller) {
    if (request.size() > 1) {
      OptionalLong version = Numbers.parse(request.text(1));
      if (version.isEmpty()) {
        return Task.failure("ERR Protocol version is not an integer or out of range");
      } else if (version.getAsLong() != 2) {
        return Task.failure("NOPROTO unsupported protocol version");
      }
    }
    Optional<String> name = Optional.empty();
    for (int i = 2; i < request.size(); i++) {
      int left = request.size() - i - 1;
      if (request.word(i).equals("AUTH") && left >= 2) {
        Optional<Task.Now> failure = authenticate(request, i + 1);
        if (failure.isPresent()) {
          return failure.get();
        }
        i += 2;
      } else if (request.word(i).equals("SETNAME") && left >= 1) {
        if (!isName(request.text(i + 1))) {
          return Task.failure(NOT_THIS_NAME);
        }
        name = Optional.of(request.text(i + 1));
        i++;
      } else {
        return Task.failure("ERR Syntax error in HELLO option '" + request.shown(i) + "'");
      }
    }
    name.ifPresent(caller::name);
    return new Task.Now(new Resp.Many(List.of(
        Resp.Bulk.of("server"),
        Resp.Bulk.of("redis"),
        Resp.Bulk.of("version"),
        Resp.Bulk.of(ServerCommands.REDIS_VERSION),
        Resp.Bulk.of("proto"),
        new Resp.Int(2),
        Resp.Bulk.of("id"),
        new Resp.Int(caller.id()),
        Resp.Bulk.of("mode"),
        Resp.Bulk.of("standalone"),
        Resp.Bulk.of("role"),
        Resp.Bulk.of("master"),
        Resp.Bulk.of("modules"),
        new Resp.Many(new ArrayList<Resp>()))));
  }

  private static Task client(Request request, Caller caller) {
    String word = request.word(1);
    int size = request.size();
    if (word.equals("ID") && size == 2) {
      return new Task.Now(new Resp.Int(caller.id()));
    } else if (word.equals("GETNAME") && size == 2) {
      String name = caller.name();
      return new Task.Now(name.isEmpty() ? Resp.Bulk.NONE : Resp.Bulk.of(name));
    } else if (word.equals("SETNAME") && size == 3) {
      if (!isName(request.text(2))) {
        return Task.failure(NOT_THIS_NAME);
      }
      caller.name(request.text(2));
      return new Task.Now(Task.OK);
    } else if (word.equals("SETINFO") && size == 4) {
      return setInfo(request);
    }
    return List.of("ID", "GETNAME", "SETNAME", "SETINFO").contains(word)
        ? CommandTable.wrongNumber("client|" + word.toLowerCase(Locale.ROOT))
        : Task.failure("ERR unknown subcommand '" + request.shown(1) + "'. Try CLIENT HELP.");
  }

  /** Libraries tell their name in this way; nobody here asks for it. */
  private static Task setInfo(Request request) {
    String what = request.word(2);
    return what.equals("LIB-NAME") || what.equals("LIB-VER")
        ? new Task.Now(Task.OK)
        : Task.failure("ERR Unrecognized option '" + request.shown(2) + "'");
  }

  private static boolean isName(String text) {
    return text.chars().allMatch(letter -> letter >= '!' && letter <= '~');
  }
}
