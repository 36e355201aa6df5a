package dev.paxoskv.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.machine.SessionId;
import dev.paxoskv.server.service.Pending.Operation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which writes share a batch, and which are in none any more. */
class WaitingWritesTest {
  private static final SessionId SESSION = new SessionId(1, 2);
  private static final int QUARTER = KvService.BATCH_BYTES_MAX / 4 - 16;

  private final Pending pending = new Pending();
  private final WaitingWrites waiting = new WaitingWrites(pending);
  private final Client client = new Client();

  private static final class Client implements ReplyTo {
    private boolean isOpen = true;

    @Override
    public void completed(long number, Result result) {}

    @Override
    public void refused(long number, String reason) {}

    @Override
    public void retryLater(long number, String reason) {}

    @Override
    public boolean isOpen() {
      return isOpen;
    }
  }

  private Operation add(long number, int bytes) {
    ByteString command = ByteString.copyFrom(new byte[bytes]);
    Operation added = pending.add(SESSION, number, command, OperationCase.PUT, client);
    waiting.add(added);
    return added;
  }

  private List<Long> next() {
    return waiting.nextBatch().stream().map(operation -> operation.number).toList();
  }

  @Test
  void whatGoesTogetherIsNotParted() {
    add(1, QUARTER);
    add(2, QUARTER);
    Operation first = add(3, QUARTER);
    first.takeAlong(add(4, QUARTER));
    first.takeAlong(add(5, QUARTER));
    add(6, QUARTER);

    assertThat(next()).as("there was room for 3 and 4").containsExactly(1L, 2L);
    List<Operation> together = waiting.nextBatch();
    assertThat(together).extracting(each -> each.number).containsExactly(3L, 4L, 5L, 6L);
    add(7, QUARTER);
    waiting.addAgain(together);
    assertThat(next()).as("after its instance went to another").containsExactly(3L, 4L, 5L, 6L);
  }

  @Test
  void manySmallOnesAreNotPartedEither() {
    for (int number = 1; number < KvService.BATCH_COMMANDS_MAX; number++) {
      add(number, 1);
    }
    long last = KvService.BATCH_COMMANDS_MAX;
    add(last, 1).takeAlong(add(last + 1, 1));

    assertThat(next()).hasSize(KvService.BATCH_COMMANDS_MAX - 1);
    assertThat(next()).containsExactly(last, last + 1);
  }

  @Test
  void whatWasWithdrawnIsInNoBatch() {
    add(1, 10);
    add(2, 10);
    assertThat(pending.withdraw(SESSION, 1)).isTrue();
    assertThat(next()).containsExactly(2L);
    assertThat(pending.withdraw(SESSION, 2)).as("it was proposed").isFalse();
    assertThat(pending.withdraw(SESSION, 3)).as("never there").isFalse();
    assertThat(pending.count()).isEqualTo(1);
  }

  @Test
  void whatNobodyWaitsForIsDropped() {
    add(1, 10);
    client.isOpen = false;
    assertThat(next()).isEmpty();
    assertThat(pending.count()).isZero();
  }
}
