package dev.paxoskv.server.machine;

import static dev.paxoskv.server.machine.Commands.append;
import static dev.paxoskv.server.machine.Commands.batchAt;
import static dev.paxoskv.server.machine.Commands.put;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.OpenSession;
import dev.paxoskv.server.compare.StateComparison;
import dev.paxoskv.server.machine.KvStateMachine.SessionLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sessions from the log: how they begin and how they end. */
class SessionLifeTest {
  private static final SessionLimits LIMITS = new SessionLimits(3, 1000);
  private static final Command OPEN = Command.newBuilder()
      .setSessionHigh(77)
      .setOpenSession(OpenSession.getDefaultInstance())
      .build();

  private final List<Result> results = new ArrayList<>();
  private final KvStateMachine machine = machine(results);
  private long next;

  private static KvStateMachine machine(List<Result> results) {
    return new KvStateMachine(
        (session, number, result) -> results.add(result), LIMITS, StateComparison.alone());
  }

  private void apply(long time, Command... commands) {
    machine.apply(next++, batchAt(time, commands));
  }

  private static Command in(SessionId session, Command command) {
    return command.toBuilder()
        .setSessionHigh(session.high())
        .setSessionLow(session.low())
        .build();
  }

  private String value() {
    Result.Found found = (Result.Found) machine.get(ByteString.copyFromUtf8("k"));
    return new String(found.value().orElse(new byte[0]), UTF_8);
  }

  @Test
  void aSessionIsNamedByWhereItWasOpened() {
    apply(1, put(1, 1, "k", "v"), OPEN);
    apply(1, OPEN, OPEN);
    assertThat(results)
        .containsExactly(
            Result.EXPIRED,
            new Result.Opened(new SessionId(0, 2)),
            new Result.Opened(new SessionId(1, 1)),
            new Result.Opened(new SessionId(1, 2)));
    assertThat(machine.sessions()).isEqualTo(3);
  }

  /** As in a restored cluster, where a client of the one before may come by. */
  @Test
  void aSessionOfAnotherLogIsNotKnownThoughItStoodAtTheSamePlace() {
    SessionId there = new SessionId(0, (5 << 24) + 1);
    apply(1, OPEN.toBuilder().setSessionLow(6).build());
    apply(1, in(there, append(0, 1, "k", "a")));
    assertThat(results)
        .containsExactly(new Result.Opened(new SessionId(0, (6 << 24) + 1)), Result.EXPIRED);
  }

  @Test
  void aWriteOfASessionThatHasEndedIsNeverApplied() {
    SessionId session = new SessionId(0, 1);
    apply(1, OPEN);
    apply(2, in(session, append(0, 1, "k", "a")));
    apply(1002, in(session, append(0, 1, "k", "a")));
    apply(2000);
    apply(2003, in(session, append(0, 1, "k", "a")), in(session, append(0, 2, "k", "b")));
    assertThat(results.subList(1, 5))
        .containsExactly(Result.APPLIED, Result.APPLIED, Result.EXPIRED, Result.EXPIRED);
    assertThat(value()).isEqualTo("a");
    assertThat(machine.sessions()).isZero();
  }

  @Test
  void theOneUsedLongestAgoMakesRoom() {
    apply(1, OPEN, OPEN, OPEN);
    apply(1, in(new SessionId(0, 1), put(0, 1, "k", "v")));
    apply(1, OPEN);
    apply(1, in(new SessionId(0, 1), put(0, 2, "k", "v")));
    apply(1, in(new SessionId(0, 2), put(0, 1, "k", "v")));
    assertThat(results.subList(5, 7)).containsExactly(Result.APPLIED, Result.EXPIRED);
  }

  @Test
  void timeIsFoundWhereProtobufWritesItToo() {
    Batch late = Batch.newBuilder().addCommands(OPEN).setTime(500).build();
    machine.apply(next++, Value.of(late.toByteArray()));
    assertThat(machine.time()).isEqualTo(500);
    apply(400);
    assertThat(machine.time()).isEqualTo(500);
  }

  /** A batch without a time is of before sessions were opened. */
  @Test
  void anOldBatchBeginsItsSessions() {
    apply(0, append(1, 1, "k", "a"), append(1, 1, "k", "a"));
    assertThat(value()).isEqualTo("a");
    assertThat(machine.sessions()).isEqualTo(1);
  }

  @Test
  void whenSessionsEndedIsInTheHash() {
    KvStateMachine later = machine(new ArrayList<>());
    machine.apply(0, batchAt(1, OPEN));
    later.apply(0, batchAt(1, OPEN));
    assertThat(later.hash()).isEqualTo(machine.hash());
    SessionLimits longer = new SessionLimits(3, 5000);
    KvStateMachine other =
        new KvStateMachine((session, number, result) -> {}, longer, StateComparison.alone());
    other.apply(0, batchAt(1, OPEN));
    for (int seq = 1; seq <= 3; seq++) {
      machine.apply(seq, batchAt(1000L * seq));
      other.apply(seq, batchAt(1000L * seq));
    }
    assertThat(other.hash()).isNotEqualTo(machine.hash());
  }
}
