package dev.paxoskv.server.door.redis;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.server.door.redis.CommandTable.Spec;
import dev.paxoskv.server.door.redis.wire.Request;
import dev.paxoskv.server.door.redis.wire.Resp;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What is done to several keys at once, or to all. */
final class KeyCommands {
  /** Most bytes of values in one answer. */
  static final long ANSWER_BYTES_MAX = 16L << 20;

  private static final int SCAN_DEFAULT = 10;

  private final Cursors cursors;

  KeyCommands(Cursors cursors) {
    this.cursors = cursors;
  }

  void addTo(CommandTable table) {
    table.add(new Spec("del", -2, "write", 1, -1, 1), (r, c) -> delete(r));
    table.add(new Spec("exists", -2, "readonly fast", 1, -1, 1), (r, c) -> exists(r));
    table.add(new Spec("mget", -2, "readonly fast", 1, -1, 1), (r, c) -> getAll(r));
    table.add(new Spec("mset", -3, "write denyoom", 1, -1, 2), (r, c) -> setAll(r));
    table.add(Spec.withoutKeys("scan", -2, "readonly"), (r, c) -> scan(r));
    table.add(
        Spec.withoutKeys("dbsize", 1, "readonly fast"),
        (r, c) -> new Task.Read(state -> new Resp.Int(state.keys())));
  }

  private static Task delete(Request request) {
    Command.Builder command = Command.newBuilder();
    if (request.size() == 2) {
      command.getDeleteBuilder().setKey(StringCommands.bytes(request, 1));
      return Task.write(command, result -> new Resp.Int(result instanceof Result.Unmet ? 0 : 1));
    }
    for (byte[] key : request.from(1)) {
      command.getWriteAllBuilder().addWritesBuilder().setKey(UnsafeByteOperations.unsafeWrap(key));
    }
    return Task.write(command, StringCommands::count);
  }

  private static Task setAll(Request request) {
    if (request.size() % 2 == 0) {
      return CommandTable.wrongNumber(request.name());
    }
    Command.Builder command = Command.newBuilder();
    for (int i = 1; i < request.size(); i += 2) {
      command
          .getWriteAllBuilder()
          .addWritesBuilder()
          .setKey(StringCommands.bytes(request, i))
          .setValue(StringCommands.bytes(request, i + 1));
    }
    return Task.write(command, result -> Task.OK);
  }

  private static Task exists(Request request) {
    List<byte[]> keys = request.from(1);
    return new Task.Read(state -> {
      long count = keys.stream().filter(key -> find(state, key).isPresent()).count();
      return new Resp.Int(count);
    });
  }

  private static Task getAll(Request request) {
    List<byte[]> keys = request.from(1);
    return new Task.Read(state -> {
      List<Resp.Bulk> values = new ArrayList<>();
      long bytes = 0;
      for (byte[] key : keys) {
        Resp.Bulk value = new Resp.Bulk(find(state, key));
        bytes += value.bytes();
        if (bytes > ANSWER_BYTES_MAX) {
          return new Resp.Failure("ERR these values are more than " + ANSWER_BYTES_MAX
              + " bytes together, the limit of one answer; ask for fewer keys");
        }
        values.add(value);
      }
      return new Resp.Many(values);
    });
  }

  private static Optional<byte[]> find(KvStateMachine state, byte[] key) {
    return ((Result.Found) state.get(UnsafeByteOperations.unsafeWrap(key))).value();
  }

  private Task scan(Request request) {
    Optional<byte[]> pattern = Optional.empty();
    long count = SCAN_DEFAULT;
    OptionalLong cursor = Numbers.parse(request.text(1));
    if (cursor.isEmpty() || cursor.getAsLong() < 0) {
      return Task.failure("ERR invalid cursor");
    }
    for (int i = 2; i < request.size(); i += 2) {
      boolean hasMore = i + 1 < request.size();
      if (hasMore && request.word(i).equals("MATCH")) {
        pattern = Optional.of(request.part(i + 1));
      } else if (hasMore && request.word(i).equals("COUNT")) {
        OptionalLong given = Numbers.parse(request.text(i + 1));
        if (given.isEmpty()) {
          return Task.notAnInteger();
        }
        count = given.getAsLong();
      } else {
        return Task.syntaxError();
      }
    }
    if (count < 1) {
      return Task.syntaxError();
    }
    Glob glob = new Glob(pattern.orElse(new byte[] {'*'}));
    int most = (int) Math.min(count, Limit.SCAN_ENTRIES_MAX_VALUE);
    return cursor.getAsLong() == 0
        ? new Task.Read(state -> page(state, glob, ByteString.EMPTY, most))
        : goOn(cursor.getAsLong(), glob, most);
  }

  private Task goOn(long cursor, Glob glob, int most) {
    Optional<byte[]> after = cursors.find(cursor);
    if (after.isEmpty()) {
      return Task.failure("ERR invalid cursor: this server does not know it, or not any more; go on"
          + " at the server that gave it, or begin again with 0");
    }
    ByteString key = UnsafeByteOperations.unsafeWrap(after.get());
    return new Task.Read(state -> page(state, glob, key, most));
  }

  private Resp page(KvStateMachine state, Glob glob, ByteString after, int most) {
    ByteString prefix = UnsafeByteOperations.unsafeWrap(glob.prefix());
    Result.Page page = state.scan(prefix, after, most);
    List<Resp.Bulk> keys = page.entries().stream()
        .map(Result.Entry::key)
        .filter(glob::matches)
        .map(Resp.Bulk::of)
        .toList();
    String next = page.isMore()
        ? cursors.add(page.entries().get(page.entries().size() - 1).key())
        : "0";
    return new Resp.Many(List.of(Resp.Bulk.of(next), new Resp.Many(keys)));
  }
}
