package dev.paxoskv.server.service;

import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.proto.kv.Scan;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a read looks at, all at one moment: the state holds every write by then that had ended
 * before the read began.
 *
 * @param kind what it is counted as
 * @param bytes what it counts for while it waits
 * @param look changes nothing, and is done in a few milliseconds at most
 */
public record Query(OperationCase kind, int bytes, Function<KvStateMachine, Result> look) {

  /** What {@code command}, which has so many bytes, asks; empty if it is a write. */
  static Optional<Query> of(Command command, int bytes) {
    OperationCase kind = command.getOperationCase();
    return switch (kind) {
      case GET ->
        Optional.of(new Query(kind, bytes, state -> state.get(command.getGet().getKey())));
      case SCAN -> {
        Scan scan = command.getScan();
        yield Optional.of(new Query(
            kind, bytes, state -> state.scan(scan.getPrefix(), scan.getAfter(), scan.getLimit())));
      }
      default -> Optional.empty();
    };
  }
}
