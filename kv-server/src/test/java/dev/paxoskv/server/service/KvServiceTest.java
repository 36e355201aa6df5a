package dev.paxoskv.server.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.server.machine.Commands;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The service over a real host; the other servers are played by the test. */
class KvServiceTest {
  private final List<Envelope> sent = new ArrayList<>();
  private final List<String> replies = new ArrayList<>();

  /** How many commands were in each, in the order of decisions. */
  private final List<Integer> batches = new ArrayList<>();

  private final Client client = new Client();

  private Host host;
  private KvService service;

  /** Everything the server says to others is kept; its answers to them go nowhere. */
  private final class Wire implements Transport {
    @Override
    public void send(int peer, Envelope envelope) {
      sent.add(envelope);
    }

    @Override
    public void reply(Effect.Connection connection, Envelope envelope) {}

    @Override
    public void flush() {}
  }

  private final class Counts implements Observer {
    @Override
    public void decided(long seq, Value value) {
      try {
        batches.add(Batch.parseFrom(value.bytes()).getCommandsCount());
      } catch (InvalidProtocolBufferException e) {
        batches.add(-1);
      }
    }
  }

  private final class Client implements ReplyTo {
    private boolean isOpen = true;

    @Override
    public void completed(long number, Result result) {
      replies.add(number + " " + text(result));
    }

    private String text(Result result) {
      if (result instanceof Result.Expired) {
        return "expired";
      }
      return result instanceof Result.Refused refused ? refused.reason() : "done";
    }

    @Override
    public void refused(long number, String reason) {
      replies.add(number + " " + reason);
    }

    @Override
    public void retryLater(long number, String reason) {
      replies.add(number + " later: " + reason);
    }

    @Override
    public boolean isOpen() {
      return isOpen;
    }
  }

  private Optional<String> putOff = Optional.empty();

  private void serverOf(int peers) {
    Pending pending = new Pending();
    Replica replica = new Replica(new ReplicaConfig(0, peers, 1, 0), new SplittableRandom(1));
    KvStateMachine machine = new KvStateMachine(pending);
    host = new Host(replica, new Wire(), new MemoryJournal(), Optional.of(machine), new Counts());
    service = new KvService(host, pending, new SplittableRandom(2), () -> putOff, () -> machine);
  }

  /** One that is alone and has opened session 1: the first command in instance 0. */
  private void serverAlone() {
    serverOf(1);
    submit(Commands.open(77));
    step();
    replies.clear();
  }

  private void submit(Command command) {
    service.submit(command, command.toByteString(), client);
  }

  private void step() {
    do {
      service.propose();
      host.flush();
    } while (service.settle());
  }

  private void decidedElsewhere(long seq, Value value) {
    Message.Decided news = new Message.Decided(seq, Ballot.ZERO, Optional.of(value));
    host.request(1, new Effect.Connection() {}, new Envelope(-1, news));
    step();
  }

  @Test
  void commandsThatArriveTogetherShareAnInstance() {
    serverAlone();
    for (int number = 1; number <= 100; number++) {
      submit(Commands.put(1, number, "k" + number, "v"));
    }
    step();

    assertThat(host.applied()).isEqualTo(1);
    assertThat(replies).hasSize(100).first().isEqualTo("1 done");
  }

  /** Of two batches the first may lose its instance, and come behind the second. */
  @Test
  void writesThatKeepTheirOrderShareABatchThatHasRoomForAll() {
    serverAlone();
    submit(Commands.put(1, 1, "large", "v".repeat(900_000)));
    KvService.Unit unit = service.unit();
    for (int number : List.of(2, 3)) {
      Command put = Commands.put(1, number, "k", "v".repeat(100_000));
      unit.submit(put, put.toByteString(), client);
    }
    step();
    assertThat(replies).containsExactly("1 done", "2 done", "3 done");
    assertThat(batches).containsExactly(1, 1, 2);
  }

  @Test
  void aServerThatIsUnwellPutsCommandsOff() {
    serverAlone();
    putOff = Optional.of("the disk is full");
    submit(Commands.put(1, 1, "k", "v"));
    step();
    assertThat(replies).containsExactly("1 later: the disk is full");
    assertThat(host.max()).isZero();

    putOff = Optional.empty();
    submit(Commands.put(1, 1, "k", "v"));
    step();
    assertThat(replies).containsExactly("1 later: the disk is full", "1 done");
  }

  @Test
  void aWriteWithoutASessionIsToldSo() {
    serverOf(1);
    submit(Commands.put(1, 1, "k", "v"));
    step();
    assertThat(replies).containsExactly("1 expired");
  }

  @Test
  void aBatchEndsAtItsLimits() {
    serverOf(1);
    String half = "x".repeat(KvService.BATCH_BYTES_MAX / 2);
    for (int number = 1; number <= 4; number++) {
      submit(Commands.put(1, number, "k", half));
    }
    step();
    assertThat(host.applied()).isEqualTo(3);

    IntStream.rangeClosed(5, 5 + KvService.BATCH_COMMANDS_MAX)
        .forEach(number -> submit(Commands.put(1, number, "k", "v")));
    step();
    assertThat(host.applied()).isEqualTo(5);
  }

  @Test
  void aFewInstancesAreUnderWayAndTheRestGathers() {
    serverOf(3);
    for (int number = 1; number <= 10; number++) {
      submit(Commands.put(1, number, "k", "v"));
      step();
    }

    assertThat(prepared()).containsExactly(0L, 1L, 2L, 3L);
    decidedElsewhere(0, Commands.batch(Commands.put(1, 1, "k", "v")));
    assertThat(replies).containsExactly("1 done");
    assertThat(prepared()).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void aCommandWhoseInstanceWentToAnotherIsProposedInTheNext() {
    serverOf(3);
    submit(Commands.put(1, 1, "k", "mine"));
    step();
    decidedElsewhere(0, Commands.batch(Commands.put(9, 1, "k", "theirs")));
    assertThat(replies).isEmpty();
    assertThat(prepared()).containsExactly(0L, 1L);

    decidedElsewhere(1, Commands.batch(Commands.put(1, 1, "k", "mine")));
    assertThat(replies).containsExactly("1 done");
    assertThat(host.driving()).isZero();
  }

  @Test
  void aRepeatedCommandIsProposedOnceAndAnsweredToWhoAskedLast() {
    serverOf(3);
    submit(Commands.put(1, 1, "k", "v"));
    step();
    submit(Commands.put(1, 1, "k", "v"));
    step();

    assertThat(prepared()).containsExactly(0L);
    decidedElsewhere(0, Commands.batch(Commands.put(1, 1, "k", "v")));
    assertThat(replies).containsExactly("1 done");
  }

  @Test
  void refusesBadCommandsBeforeTheLog() {
    serverOf(1);
    String longKey = "k".repeat(Limit.KEY_BYTES_MAX_VALUE + 1);
    submit(Commands.put(1, 1, longKey, "v"));
    submit(Commands.put(1, 2, "", "v"));
    submit(Commands.append(1, 3, "k", "v".repeat(Limit.VALUE_BYTES_MAX_VALUE + 1)));
    submit(Commands.put(1, 0, "k", "v"));
    submit(Commands.acknowledging(Commands.put(1, 4, "k", "v"), 4));
    submit(Commands.put(1, 5, "k", "v").toBuilder().clearOperation().build());
    step();

    assertThat(replies)
        .containsExactly(
            "1 a key of 4097 bytes is not within 1..4096",
            "2 a key of 0 bytes is not within 1..4096",
            "3 a value of 1048577 bytes is over the limit of 1048576",
            "0 number 0 with 0 acknowledged is out of order",
            "4 number 4 with 4 acknowledged is out of order",
            "5 no operation that this server knows");
    assertThat(host.max()).isEqualTo(-1);
  }

  @Test
  void takesNoMoreThanItsLimitAndSaysSo() {
    serverOf(3);
    String mib = "x".repeat(1 << 20);
    for (int number = 1; number <= 64; number++) {
      submit(Commands.put(1, number, "k", mib));
    }

    assertThat(replies).hasSize(1).first().asString().startsWith("64 later: busy: 63 commands");
  }

  @Test
  void commandsThatNobodyWaitsForMakeRoom() {
    serverOf(3);
    String mib = "x".repeat(1 << 20);
    for (int number = 1; number <= 63; number++) {
      submit(Commands.put(1, number, "k", mib));
    }
    client.isOpen = false;
    submit(Commands.put(2, 1, "k", mib));

    assertThat(replies).isEmpty();
  }

  @Test
  void putsWritesOffWhileTheLogMayNotBeCut() {
    serverOf(3);
    Value mib = Commands.batch(Commands.put(9, 1, "k", "x".repeat(1 << 20)));
    for (int seq = 0; seq <= Admission.RETAINED_BYTES_MAX >> 20; seq++) {
      decidedElsewhere(seq, mib);
    }
    submit(Commands.put(1, 1, "k", "v"));
    submit(Commands.get(1, 2, "k"));
    step();

    assertThat(replies).hasSize(1).first().asString().startsWith("1 later: the log may not be cut");
    assertThat(prepared()).isEmpty();
    readChecked(1, host.max());
    assertThat(replies).last().isEqualTo("2 done");
  }

  @Test
  void getsThatArriveTogetherAskOnceAndAreAnsweredWhenAllIsAppliedUpToTheAnswer() {
    serverOf(3);
    submit(Commands.get(1, 1, "k"));
    submit(Commands.get(1, 2, "k"));
    step();
    submit(Commands.get(1, 3, "k"));
    step();
    assertThat(questions()).containsExactly(1L);

    readChecked(1, 1);
    assertThat(questions()).containsExactly(1L, 2L);
    decidedElsewhere(0, Commands.batch(Commands.put(9, 1, "k", "v")));
    assertThat(replies).isEmpty();
    decidedElsewhere(1, Commands.batch());
    assertThat(replies).containsExactly("1 done", "2 done");
    assertThat(prepared()).isEmpty();

    readChecked(1, 1);
    assertThat(replies).hasSize(2);
    readChecked(2, 1);
    assertThat(replies).containsExactly("1 done", "2 done", "3 done");
  }

  @Test
  void aGetThatNobodyAnswersIsPutOffInTimeAndMakesRoom() {
    serverOf(3);
    for (int number = 1; number <= Admission.PENDING_MAX; number++) {
      submit(Commands.get(1, number, "k"));
    }
    submit(Commands.get(2, 1, "k"));
    assertThat(replies).hasSize(1).first().asString().startsWith("1 later: busy");
    replies.clear();
    for (int tick = 0; tick < Reads.PATIENCE_TICKS; tick++) {
      assertThat(replies).isEmpty();
      service.tick();
      step();
    }

    assertThat(replies).hasSize(Admission.PENDING_MAX);
    assertThat(replies).last().asString().startsWith("65536 later: for 2000 ms");
    readChecked(1, -1);
    assertThat(replies).hasSize(Admission.PENDING_MAX);
    submit(Commands.get(2, 2, "k"));
    step();
    readChecked(2, -1);
    assertThat(replies).last().isEqualTo("2 done");
  }

  @Test
  void getsThatNobodyWaitsForMakeRoom() {
    serverOf(3);
    for (int number = 1; number <= Admission.PENDING_MAX; number++) {
      submit(Commands.get(1, number, "k"));
    }
    client.isOpen = false;
    submit(Commands.get(2, 1, "k"));

    assertThat(replies).isEmpty();
  }

  @Test
  void aHoleBelowWhatAReadMustSeeIsFilled() {
    serverOf(3);
    submit(Commands.get(1, 1, "k"));
    step();
    readChecked(1, 2);
    for (int tick = 0; tick < 50; tick++) {
      service.tick();
      host.tick();
    }
    step();

    assertThat(prepared()).contains(0L, 1L, 2L).doesNotContain(3L);
  }

  @Test
  void refusesACommandThatIsLargerThanItsParts() {
    serverOf(1);
    Command padded = Commands.put(1, 1, "k", "v").toBuilder()
        .setUnknownFields(UnknownFieldSet.newBuilder()
            .addField(
                99,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFrom(new byte[2 << 20]))
                    .build())
            .build())
        .build();
    submit(padded);
    step();

    assertThat(replies).hasSize(1).first().asString().contains("is over the limit of");
    assertThat(host.max()).isEqualTo(-1);
  }

  @Test
  void fillsAHoleThatNobodyDrives() {
    serverOf(3);
    decidedElsewhere(2, Commands.batch());
    for (int tick = 0; tick < 50; tick++) {
      service.tick();
      host.tick();
    }
    step();

    assertThat(prepared()).contains(0L, 1L).doesNotContain(2L, 3L);
  }

  @Test
  void leavesTheLogAloneWhenThereIsNoHole() {
    serverOf(3);
    decidedElsewhere(0, Commands.batch());
    for (int tick = 0; tick < 1000; tick++) {
      service.tick();
    }
    step();

    assertThat(prepared()).isEmpty();
  }

  /** Another server says up to where it has accepted anything. */
  private void readChecked(long question, long highest) {
    host.answer(1, new Envelope(-1, new Talk.ReadChecked(question, highest)));
    step();
  }

  /** Numbers of the questions that were sent for reads. */
  private List<Long> questions() {
    return sent.stream()
        .map(Envelope::message)
        .filter(Talk.ReadCheck.class::isInstance)
        .map(m -> ((Talk.ReadCheck) m).number())
        .distinct()
        .toList();
  }

  /** Instances for which Prepare was sent, in order of the first. */
  private List<Long> prepared() {
    return sent.stream()
        .map(Envelope::message)
        .filter(Message.Prepare.class::isInstance)
        .map(m -> ((Message.Prepare) m).seq())
        .distinct()
        .toList();
  }
}
