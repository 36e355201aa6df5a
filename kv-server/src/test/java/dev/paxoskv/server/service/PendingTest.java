package dev.paxoskv.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.server.machine.Commands;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.machine.SessionId;
import dev.paxoskv.server.service.Pending.Operation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingTest {
  private static final SessionId SESSION = new SessionId(0, 1);

  private final Pending pending = new Pending();
  private final List<Result> told = new ArrayList<>();

  private final ReplyTo client = new ReplyTo() {
    @Override
    public void completed(long number, Result result) {
      told.add(result);
    }

    @Override
    public void refused(long number, String reason) {}

    @Override
    public void retryLater(long number, String reason) {}

    @Override
    public boolean isOpen() {
      return true;
    }
  };

  private Operation add(long number) {
    Command command = Commands.put(1, number, "k", "v");
    return pending.add(SESSION, number, command.toByteString(), OperationCase.PUT, client);
  }

  @Test
  void anEndedSessionIsTold() {
    add(1).wasProposed = true;
    pending.completed(SESSION, 1, Result.EXPIRED);
    assertThat(told).containsExactly(Result.EXPIRED);
  }

  /** An earlier copy may have been applied in what the snapshot covers: it must not be denied. */
  @Test
  void anEndedSessionIsNotToldOfWhatWasProposedBeforeTheStateWasReplaced() {
    add(1).wasProposed = true;
    add(2);
    add(3).wasProposed = true;
    pending.replaced();
    pending.completed(SESSION, 1, Result.EXPIRED);
    assertThat(told).isEmpty();
    pending.completed(SESSION, 2, Result.EXPIRED);
    pending.completed(SESSION, 3, Result.APPLIED);
    assertThat(told).containsExactly(Result.EXPIRED, Result.APPLIED);
    assertThat(pending.count()).isZero();
  }

  @Test
  void nothingIsToldOfAStateInDoubt() {
    add(1).wasProposed = true;
    pending.completed(SESSION, 1, Result.WITHHELD);
    assertThat(told).isEmpty();
    assertThat(pending.count()).isZero();
  }

  /** Sessions and numbers of any value may come to the same key. */
  @Test
  void namesThatShareTheirKeyAreToldApart() {
    SessionId other = new SessionId(0x9e3779b97f4a7c15L, 0);
    assertThat(other).hasSameHashCodeAs(SESSION).isNotEqualTo(SESSION);
    OperationTable table = new OperationTable();
    List<Operation> all = List.of(operation(SESSION, 7), operation(other, 7), operation(other, 8));
    for (Operation first : all) {
      all.forEach(table::add);
      assertThat(table.size()).isEqualTo(3);
      assertThat(table.remove(first)).isTrue();
      assertThat(table.remove(first)).isFalse();
      List<Operation> left = new ArrayList<>();
      table.forEach(left::add);
      assertThat(left).hasSize(2).doesNotContain(first);
      assertThat(table.find(first.session, first.number)).isNull();
      left.forEach(each -> {
        assertThat(table.find(each.session, each.number)).isSameAs(each);
        assertThat(table.remove(each)).isTrue();
      });
      assertThat(table.size()).isZero();
    }
  }

  private Operation operation(SessionId session, long number) {
    return new Operation(session, number, ByteString.EMPTY, OperationCase.PUT, client);
  }
}
