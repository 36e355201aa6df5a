package dev.paxoskv.server.door.redis;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Put;
import dev.paxoskv.proto.kv.SetIf.Condition;
import dev.paxoskv.server.door.redis.CommandTable.Spec;
import dev.paxoskv.server.door.redis.wire.Request;
import dev.paxoskv.server.door.redis.wire.Resp;
import dev.paxoskv.server.machine.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What is done to one key and its value. */
final class StringCommands {
  private static final Set<String> EXPIRY =
      Set.of("EX", "PX", "EXAT", "PXAT", "KEEPTTL", "PERSIST");

  private StringCommands() {}

  static void addTo(CommandTable table) {
    table.add(Spec.onKey("get", 2, "readonly fast"), (r, c) -> get(r));
    table.add(Spec.onKey("set", -3, "write denyoom"), (r, c) -> set(r));
    table.add(
        Spec.onKey("setnx", 3, "write denyoom fast"),
        (r, c) -> setIf(r, Condition.ABSENT, StringCommands::oneIfSet));
    table.add(Spec.onKey("getset", 3, "write denyoom fast"), (r, c) -> swap(r, Condition.ALWAYS));
    table.add(Spec.onKey("append", 3, "write denyoom fast"), (r, c) -> append(r));
    table.add(Spec.onKey("strlen", 2, "readonly fast"), (r, c) -> length(r));
    table.add(Spec.onKey("incr", 2, "write denyoom fast"), (r, c) -> add(r, 1));
    table.add(Spec.onKey("decr", 2, "write denyoom fast"), (r, c) -> add(r, -1));
    table.add(Spec.onKey("incrby", 3, "write denyoom fast"), (r, c) -> addBy(r));
    table.add(Spec.onKey("decrby", 3, "write denyoom fast"), (r, c) -> subtractBy(r));
  }

  private static Task get(Request request) {
    ByteString key = bytes(request, 1);
    return new Task.Read(state -> new Resp.Bulk(((Result.Found) state.get(key)).value()));
  }

  private static Task length(Request request) {
    ByteString key = bytes(request, 1);
    return new Task.Read(state -> {
      Optional<byte[]> value = ((Result.Found) state.get(key)).value();
      return new Resp.Int(value.map(found -> found.length).orElse(0));
    });
  }

  private static Task set(Request request) {
    Condition condition = Condition.ALWAYS;
    boolean isGet = false;
    for (int i = 3; i < request.size(); i++) {
      String word = request.word(i);
      boolean isFirst = condition == Condition.ALWAYS;
      if (word.equals("NX") && (isFirst || condition == Condition.ABSENT)) {
        condition = Condition.ABSENT;
      } else if (word.equals("XX") && (isFirst || condition == Condition.PRESENT)) {
        condition = Condition.PRESENT;
      } else if (word.equals("GET")) {
        isGet = true;
      } else if (EXPIRY.contains(word)) {
        return Task.failure("ERR " + word + " is not supported: values do not expire here; leave it"
            + " out, and delete what is over");
      } else {
        return Task.syntaxError();
      }
    }
    if (isGet) {
      return swap(request, condition);
    } else if (condition != Condition.ALWAYS) {
      return setIf(
          request, condition, result -> result instanceof Result.Unmet ? Resp.Bulk.NONE : Task.OK);
    }
    return new Task.Write(put(request.part(1), request.part(2)), result -> Task.OK);
  }

  /** What most writes are, encoded without the objects that protobuf makes of it on the way. */
  static ByteString put(byte[] key, byte[] value) {
    int inner = CodedOutputStream.computeByteArraySize(Put.KEY_FIELD_NUMBER, key)
        + CodedOutputStream.computeByteArraySize(Put.VALUE_FIELD_NUMBER, value);
    byte[] bytes = new byte
        [CodedOutputStream.computeTagSize(Command.PUT_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(inner)
            + inner];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeTag(Command.PUT_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);
      out.writeUInt32NoTag(inner);
      out.writeByteArray(Put.KEY_FIELD_NUMBER, key);
      out.writeByteArray(Put.VALUE_FIELD_NUMBER, value);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("the size of a write was worked out wrongly", e);
    }
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  private interface Answer {
    Resp of(Result result);
  }

  private static Task setIf(Request request, Condition condition, Answer answer) {
    Command.Builder command = Command.newBuilder();
    command
        .getSetIfBuilder()
        .setKey(bytes(request, 1))
        .setValue(bytes(request, 2))
        .setCondition(condition);
    return Task.write(command, answer::of);
  }

  private static Resp oneIfSet(Result result) {
    return new Resp.Int(result instanceof Result.Unmet ? 0 : 1);
  }

  /** Sets the value, and answers with what was there. */
  private static Task swap(Request request, Condition condition) {
    Command.Builder command = Command.newBuilder();
    command
        .getSetIfBuilder()
        .setKey(bytes(request, 1))
        .setValue(bytes(request, 2))
        .setCondition(condition)
        .setTellOld(true);
    return Task.write(command, result -> old((Result.Was) result));
  }

  private static Resp old(Result.Was was) {
    if (was.isForgotten()) {
      return new Resp.Failure((was.isMet() ? "ERR the value was set" : "ERR nothing was changed")
          + ", but this answer had to be given a second time, and the old value is too long to be"
          + " remembered for that");
    }
    return new Resp.Bulk(was.old());
  }

  private static Task append(Request request) {
    Command.Builder command = Command.newBuilder();
    command
        .getAppendBuilder()
        .setKey(bytes(request, 1))
        .setValue(bytes(request, 2))
        .setTellSize(true);
    return Task.write(command, StringCommands::count);
  }

  private static Task addBy(Request request) {
    OptionalLong more = Numbers.parse(request.text(2));
    return more.isPresent() ? add(request, more.getAsLong()) : Task.notAnInteger();
  }

  private static Task subtractBy(Request request) {
    OptionalLong less = Numbers.parse(request.text(2));
    if (less.isEmpty()) {
      return Task.notAnInteger();
    }
    return less.getAsLong() == Long.MIN_VALUE
        ? Task.failure("ERR decrement would overflow")
        : add(request, -less.getAsLong());
  }

  private static Task add(Request request, long more) {
    Command.Builder command = Command.newBuilder();
    command.getAddBuilder().setKey(bytes(request, 1)).setMore(more);
    return Task.write(command, StringCommands::count);
  }

  static Resp count(Result result) {
    return new Resp.Int(((Result.Counted) result).count());
  }

  static ByteString bytes(Request request, int i) {
    return UnsafeByteOperations.unsafeWrap(request.part(i));
  }
}
