package dev.paxoskv.server.door.redis;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.server.door.redis.wire.Resp;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import java.util.function.Function;

/** What a request comes down to. */
sealed interface Task {

  /** It is answered without looking at keys and values. */
  record Now(Resp reply) implements Task {}

  /** It looks at keys and values as they are at one moment. */
  record Read(Function<KvStateMachine, Resp> look) implements Task {}

  /**
   * It is one command in the log.
   *
   * @param operation the encoding of a Command that has nothing else
   * @param answer makes the reply of what it came to; not asked if it was refused
   */
  record Write(ByteString operation, Function<Result, Resp> answer) implements Task {}

  /** A write whose operation is all that {@code command} has. */
  static Write write(Command.Builder command, Function<Result, Resp> answer) {
    return new Write(command.build().toByteString(), answer);
  }

  Resp OK = new Resp.Simple("OK");

  static Now failure(String text) {
    return new Now(new Resp.Failure(text));
  }

  static Now syntaxError() {
    return failure("ERR syntax error");
  }

  static Now notAnInteger() {
    return failure("ERR value is not an integer or out of range");
  }
}
