package dev.paxoskv.server.service;

import dev.paxoskv.server.service.Pending.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Writes that were admitted and are in no batch that is under way. */
final class WaitingWrites {
  private final Pending pending;
  private final ArrayDeque<Operation> queue = new ArrayDeque<>();

  WaitingWrites(Pending pending) {
    this.pending = pending;
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  void add(Operation operation) {
    queue.addLast(operation);
  }

  /** What was not applied comes before all others, in its order. */
  void addAgain(List<Operation> operations) {
    for (int i = operations.size() - 1; i >= 0; i--) {
      if (!operations.get(i).isCompleted) {
        queue.addFirst(operations.get(i));
      }
    }
  }

  /** Takes out what may share a batch; nothing if nothing waits. */
  List<Operation> nextBatch() {
    List<Operation> batch = new ArrayList<>(Math.min(queue.size(), KvService.BATCH_COMMANDS_MAX));
    int bytes = 0;
    while (!queue.isEmpty()) {
      Operation next = queue.getFirst();
      boolean isTooMuch = bytes + next.unitBytes > KvService.BATCH_BYTES_MAX
          || batch.size() + next.unitCommands > KvService.BATCH_COMMANDS_MAX;
      if (isTooMuch && !batch.isEmpty()) {
        break;
      }
      queue.removeFirst();
      // Applied meanwhile through another server, or nobody is left to hear of it.
      if (next.isCompleted || !next.replyTo.isOpen()) {
        pending.drop(next);
      } else {
        next.wasProposed = true;
        batch.add(next);
        bytes += Batches.sizeOf(next.command);
      }
    }
    if (!batch.isEmpty()) {
      pending.meter().batch(batch.size(), bytes);
    }
    return batch;
  }

  /** Gives up what nobody waits for. */
  void dropAbandoned() {
    queue.removeIf(operation -> {
      boolean isAbandoned = !operation.replyTo.isOpen();
      if (isAbandoned) {
        pending.drop(operation);
      }
      return isAbandoned;
    });
  }
}
