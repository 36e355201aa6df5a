package dev.paxoskv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.net.wire.MalformedFrameException;
import dev.paxoskv.proto.kv.Applied;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Get;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Put;
import dev.paxoskv.proto.kv.Reply;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationsTest {
  private static final long TIMEOUT = 1000;
  private static final long LATE = 50;

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 10);
  private final Operations operations = new Operations(clock::get, LATE, new Random(1));
  private Ending first = new Ending();
  private Ending second = new Ending();
  private Ending third = new Ending();
  private long opened;

  /** Remembers the outcome, and that there was only one. */
  private static final class Ending implements Operation.Outcome {
    private Optional<Object> outcome = Optional.empty();

    @Override
    public void succeeded(Reply reply) {
      assertThat(outcome).isEmpty();
      outcome = Optional.of(reply.hasFound() ? reply.getFound().getValue().toStringUtf8() : "done");
    }

    @Override
    public void failed(KvException why) {
      assertThat(outcome).isEmpty();
      outcome = Optional.of(why);
    }
  }

  @BeforeEach
  void newEndings() {
    first = new Ending();
    second = new Ending();
    third = new Ending();
  }

  @Test
  void countsFromOneWithinOneSession() {
    add(first, second);
    List<Command> commands = takeAll();
    assertThat(commands).extracting(Command::getNumber).containsExactly(1L, 2L);
    assertThat(commands).extracting(Command::getSessionHigh).containsOnly(session(commands.get(0)));
    assertThat(session(commands.get(0))).isNotZero();
    assertThat(operations.take()).isEmpty();
  }

  @Test
  void holdsBackWhatServersWouldNotRemember() {
    for (int i = 0; i < Limit.SESSION_WINDOW_VALUE; i++) {
      add(new Ending());
    }
    add(first);
    assertThat(takeAll()).hasSize(Limit.SESSION_WINDOW_VALUE);
    assertThat(operations.take()).isEmpty();

    operations.answer(
        Reply.newBuilder().setNumber(1).setApplied(Applied.getDefaultInstance()).build());
    assertThat(takeAll()).extracting(Command::getNumber).containsExactly(65_537L);
  }

  @Test
  void asksForASessionByAnIdOfItsOwn() {
    Operations others = new Operations(clock::get, LATE, new Random(2));
    add(first);
    others.add(new Operation(put(0), deadline(), second));
    Command ours = commandsOf(operations.take()).get(0);
    Command theirs = commandsOf(others.take()).get(0);
    assertThat(ours.hasOpenSession()).isTrue();
    assertThat(session(ours)).isNotZero().isNotEqualTo(session(theirs));
  }

  @Test
  void asksOnceAndOnlyForWrites() {
    operations.add(new Operation(get(), deadline(), first));
    assertThat(commandsOf(operations.take())).singleElement().matches(Command::hasGet);
    add(second, third);
    assertThat(commandsOf(operations.take())).singleElement().matches(Command::hasOpenSession);
    assertThat(operations.hasSent()).isTrue();
    assertThat(operations.oldestSentNanos()).hasValue(clock.get());
    assertThat(operations.take()).isEmpty();
    operations.answer(FakeServer.opened(5));
    assertThat(takeAll()).extracting(Command::getSessionHigh).containsExactly(5L, 5L);
  }

  @Test
  void asksAgainOnAnotherConnectionAndWhenPutOff() {
    add(first);
    operations.take();
    operations.disconnected();
    Command again = commandsOf(operations.take()).get(0);
    assertThat(again.hasOpenSession()).isTrue();
    assertThat(operations.answer(FakeServer.retryLater(again)))
        .isEqualTo(Operations.Effect.PUT_OFF);
    operations.resume();
    assertThat(takeAll()).singleElement().matches(Command::hasPut);
    assertThat(operations.answer(FakeServer.opened(9))).isEqualTo(Operations.Effect.NONE);
  }

  @Test
  void isNotAppliedWithoutASession() {
    add(first);
    Command asked = commandsOf(operations.take()).get(0);
    operations.answer(FakeServer.refused(asked, "what is that?"));
    assertThat(first.outcome.orElseThrow()).isInstanceOf(NotAppliedException.class);
    assertThat(operations.isEmpty()).isTrue();
  }

  @Test
  void goesIntoTheNextSessionIfItWasCertainlyNotApplied() {
    add(first, second);
    List<Command> sent = takeAll();
    operations.answer(FakeServer.expired(sent.get(0)));
    assertThat(first.outcome).isEmpty();
    List<Command> again = takeAll();
    assertThat(again).extracting(Command::getNumber).containsExactly(3L);
    assertThat(session(again.get(0))).isEqualTo(2);
    assertThat(again.get(0).getAcknowledged()).isEqualTo(2);
    // The second was sent in the same session; that one has ended, not the new one.
    operations.answer(FakeServer.expired(sent.get(1)));
    List<Command> last = takeAll();
    assertThat(last).extracting(Command::getNumber).containsExactly(4L);
    assertThat(session(last.get(0))).isEqualTo(2);
    assertThat(last.get(0).getAcknowledged()).isEqualTo(2);
    operations.answer(FakeServer.applied(again.get(0)));
    operations.answer(FakeServer.applied(last.get(0)));
    assertThat(first.outcome).contains("done");
    assertThat(second.outcome).contains("done");
  }

  @Test
  void getsANumberOfTheNextSessionWhenItIsPutOffAfterItsOwnHasEnded() {
    add(first, second);
    List<Command> sent = takeAll();
    operations.answer(FakeServer.expired(sent.get(1)));
    Command next = takeAll().get(0);
    operations.answer(FakeServer.applied(next));
    // The new session has acknowledged numbers above its own meanwhile.
    operations.answer(FakeServer.retryLater(sent.get(0)));
    operations.resume();
    Command again = takeAll().get(0);
    assertThat(session(again)).isEqualTo(2);
    assertThat(again.getNumber()).isEqualTo(4);
    assertThat(again.getAcknowledged()).isEqualTo(3);
  }

  @Test
  void doesNotAskAgainBeforeItIsTime() {
    add(first);
    Command asked = commandsOf(operations.take()).get(0);
    operations.answer(FakeServer.retryLater(asked));
    add(second);
    assertThat(operations.take()).isEmpty();
    operations.resume();
    assertThat(commandsOf(operations.take())).containsExactly(asked);
  }

  @Test
  void isUnknownIfItsSessionEndedAndAnotherServerHadIt() {
    add(first);
    takeAll();
    operations.disconnected();
    Command again = takeAll().get(0);
    operations.answer(FakeServer.expired(again));
    assertThat(first.outcome.orElseThrow())
        .isInstanceOf(OutcomeUnknownException.class)
        .asString()
        .contains("the session has ended");
    assertThat(operations.isEmpty()).isTrue();
  }

  @Test
  void keepsTheNumberOverConnections() {
    add(first);
    Command before = takeAll().get(0);
    operations.disconnected();
    assertThat(takeAll()).containsExactly(before);
  }

  @Test
  void acknowledgesOnlyWhatHasNoUnfinishedBefore() {
    add(first, second, third);
    List<Command> commands = takeAll();
    assertThat(commands).extracting(Command::getAcknowledged).containsOnly(0L);
    operations.answer(FakeServer.applied(commands.get(1)));
    assertThat(acknowledgedNext()).isZero();
    operations.answer(FakeServer.applied(commands.get(0)));
    assertThat(acknowledgedNext()).isEqualTo(2);
    operations.answer(FakeServer.applied(commands.get(2)));
    assertThat(acknowledgedNext()).isEqualTo(3);
  }

  @Test
  void acknowledgesWhatWasGivenUp() {
    add(first);
    takeAll();
    clock.addAndGet(TIMEOUT);
    operations.expire("late");
    assertThat(acknowledgedNext()).isEqualTo(1);
  }

  @Test
  void fillsAFrameToTheLimitAndNotBeyond() {
    int most = Limit.VALUE_BYTES_MAX_VALUE;
    List<ClientFrame> frames = framesOf(most, most, most, most);
    assertThat(frames).extracting(ClientFrame::getCommandsCount).containsExactly(3, 1);
    int room = Limit.FRAME_BYTES_MAX_VALUE - frames.get(0).getSerializedSize();
    int overhead = frames.get(1).getSerializedSize() - most;
    List<ClientFrame> full = framesOf(most, most, most, room - overhead);
    assertThat(full)
        .singleElement()
        .returns(Limit.FRAME_BYTES_MAX_VALUE, ClientFrame::getSerializedSize);
    assertThat(framesOf(most, most, most, room - overhead + 1))
        .extracting(ClientFrame::getCommandsCount)
        .containsExactly(3, 1);
  }

  private List<ClientFrame> framesOf(int... valueBytes) {
    Operations fresh = new Operations(clock::get, LATE, new Random(1));
    for (int bytes : valueBytes) {
      fresh.add(new Operation(put(bytes), deadline(), new Ending()));
    }
    fresh.take();
    fresh.answer(FakeServer.opened(1));
    return fresh.take();
  }

  @Test
  void isNotAppliedIfNeverSent() {
    add(first);
    clock.addAndGet(TIMEOUT);
    operations.expire("late");
    assertThat(first.outcome.orElseThrow()).isInstanceOf(NotAppliedException.class);
    assertThat(operations.isEmpty()).isTrue();
  }

  @Test
  void isNotAppliedIfEachServerTookItBack() {
    add(first);
    for (int i = 0; i < 3; i++) {
      Command sent = takeAll().get(0);
      assertThat(operations.answer(FakeServer.retryLater(sent)))
          .isEqualTo(Operations.Effect.PUT_OFF);
      operations.disconnected();
    }
    operations.abandon("closed");
    assertThat(first.outcome.orElseThrow()).isInstanceOf(NotAppliedException.class);
  }

  @Test
  void isNotGivenToAFirstServerAtTheLastMoment() {
    add(first);
    operations.add(new Operation(get(), deadline(), second));
    operations.answer(FakeServer.retryLater(takeAll().get(0)));
    operations.disconnected();
    clock.addAndGet(TIMEOUT - LATE);
    List<Command> inTime = takeAll();
    assertThat(inTime).extracting(Command::getNumber).containsExactly(1L, 2L);
    operations.answer(FakeServer.retryLater(inTime.get(0)));
    clock.incrementAndGet();
    operations.disconnected();
    assertThat(takeAll()).extracting(Command::getNumber).containsExactly(2L);
    clock.addAndGet(LATE);
    operations.expire("late");
    assertThat(first.outcome.orElseThrow()).isInstanceOf(NotAppliedException.class);
  }

  @Test
  void isGivenToASecondServerAtTheLastMoment() {
    add(first);
    takeAll();
    clock.addAndGet(TIMEOUT - 1);
    operations.disconnected();
    assertThat(takeAll()).hasSize(1);
  }

  @Test
  void isUnknownIfOneServerKeptIt() {
    add(first);
    takeAll();
    operations.disconnected();
    operations.answer(FakeServer.retryLater(takeAll().get(0)));
    operations.disconnected();
    clock.addAndGet(TIMEOUT);
    operations.expire("late");
    assertThat(first.outcome.orElseThrow()).isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void aReadIsNeverUnknown() {
    operations.add(new Operation(get(), deadline(), first));
    takeAll();
    operations.abandon("closed");
    assertThat(first.outcome.orElseThrow()).isInstanceOf(NotAppliedException.class);
  }

  @Test
  void aRefusalCountsIfNobodyElseHasIt() {
    add(first);
    operations.answer(FakeServer.refused(takeAll().get(0), "too big"));
    assertThat(first.outcome.orElseThrow())
        .isInstanceOf(NotAppliedException.class)
        .hasToString("dev.paxoskv.client.NotAppliedException: refused: too big");
  }

  @Test
  void aRefusalLeavesOpenWhatAnotherServerDid() {
    add(first);
    takeAll();
    operations.disconnected();
    operations.answer(FakeServer.refused(takeAll().get(0), "too big"));
    assertThat(first.outcome.orElseThrow()).isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  void anAnswerCountsWhateverWentBefore() {
    add(first);
    takeAll();
    operations.disconnected();
    Command sent = takeAll().get(0);
    operations.answer(FakeServer.applied(sent));
    assertThat(first.outcome).contains("done");
    assertThat(operations.answer(FakeServer.applied(sent))).isEqualTo(Operations.Effect.NONE);
  }

  @Test
  void whatWasPutOffWaitsUntilResumed() {
    add(first, second);
    Command sent = takeAll().get(0);
    operations.answer(FakeServer.retryLater(sent));
    assertThat(operations.take()).isEmpty();
    operations.resume();
    assertThat(takeAll()).containsExactly(sent);
  }

  @Test
  void expiresNothingEarly() {
    add(first);
    clock.addAndGet(TIMEOUT - 1);
    add(second);
    operations.expire("late");
    assertThat(first.outcome).isEmpty();
    clock.incrementAndGet();
    operations.expire("late");
    assertThat(first.outcome).isPresent();
    assertThat(second.outcome).isEmpty();
  }

  @Test
  void knowsSinceWhenItWaitsForTheServer() {
    assertThat(operations.oldestSentNanos()).isEmpty();
    add(first);
    Command sent = takeAll().get(0);
    long sentNanos = clock.getAndAdd(5);
    add(second);
    takeAll();
    assertThat(operations.oldestSentNanos()).hasValue(sentNanos);
    operations.answer(FakeServer.applied(sent));
    assertThat(operations.oldestSentNanos()).hasValue(sentNanos + 5);
  }

  @Test
  void anAnswerToAnotherQuestionIsMalformed() {
    add(first);
    operations.add(new Operation(get(), deadline(), second));
    List<Command> sent = takeAll();
    List<Reply> wrong = List.of(
        FakeServer.found(sent.get(0), "v"),
        FakeServer.notFound(sent.get(0)),
        FakeServer.applied(sent.get(1)),
        Reply.newBuilder().setNumber(1).build());
    for (Reply reply : wrong) {
      assertThatThrownBy(() -> operations.answer(reply))
          .isInstanceOf(MalformedFrameException.class);
    }
    assertThat(first.outcome).isEmpty();
    assertThat(second.outcome).isEmpty();
  }

  private void add(Ending... endings) {
    for (Ending ending : endings) {
      operations.add(new Operation(put(1), deadline(), ending));
    }
  }

  private long deadline() {
    return clock.get() + TIMEOUT;
  }

  /** What the next command acknowledges. */
  private long acknowledgedNext() {
    add(new Ending());
    return takeAll().get(0).getAcknowledged();
  }

  /** What is sent, by number, once the session is open. */
  private List<Command> takeAll() {
    List<Command> commands = new ArrayList<>(commandsOf(operations.take()));
    if (commands.removeIf(Command::hasOpenSession)) {
      assertThat(operations.answer(FakeServer.opened(++opened)))
          .isEqualTo(Operations.Effect.FINISHED);
      commands.addAll(commandsOf(operations.take()));
    }
    commands.sort(Comparator.comparingLong(Command::getNumber));
    return commands;
  }

  private static List<Command> commandsOf(List<ClientFrame> frames) {
    return frames.stream().flatMap(f -> f.getCommandsList().stream()).toList();
  }

  private static long session(Command command) {
    return command.getSessionHigh();
  }

  private static Command put(int valueBytes) {
    Put put = Put.newBuilder()
        .setKey(ByteString.copyFromUtf8("k"))
        .setValue(ByteString.copyFrom(new byte[valueBytes]))
        .build();
    return Command.newBuilder().setPut(put).build();
  }

  private static Command get() {
    return Command.newBuilder()
        .setGet(Get.newBuilder().setKey(ByteString.copyFromUtf8("k")))
        .build();
  }
}
