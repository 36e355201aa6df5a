package dev.paxoskv.paxos.net.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.proto.peer.Accept;
import dev.paxoskv.proto.peer.Ballot;
import dev.paxoskv.proto.peer.Decided;
import dev.paxoskv.proto.peer.Entry;
import dev.paxoskv.proto.peer.Fetch;
import dev.paxoskv.proto.peer.Fetched;
import dev.paxoskv.proto.peer.Forgotten;
import dev.paxoskv.proto.peer.Hello;
import dev.paxoskv.proto.peer.Life;
import dev.paxoskv.proto.peer.NotRegistered;
import dev.paxoskv.proto.peer.PeerFrame;
import dev.paxoskv.proto.peer.Prepare;
import dev.paxoskv.proto.peer.Promise;
import dev.paxoskv.proto.peer.Refusal;
import dev.paxoskv.proto.peer.Register;
import dev.paxoskv.proto.peer.Registered;
import dev.paxoskv.proto.peer.Reject;
import dev.paxoskv.proto.peer.Vote;
import dev.paxoskv.proto.peer.Welcome;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What goes in comes out, and what no correct peer sends does not come in. */
class MessageCodecTest {
  private static final int PEERS = 3;
  private static final Ballot GOOD = ballot(1, 2, 0);

  private final MessageCodec codec = new MessageCodec(PEERS);

  static IntStream kinds() {
    return IntStream.range(0, RandomMessages.KINDS);
  }

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest(name = "kind {0}")
  @MethodSource("kinds")
  void roundTrip(int kind) throws InvalidProtocolBufferException {
    for (long seed = 0; seed < 300; seed++) {
      Envelope envelope = new RandomMessages(seed, PEERS).next(kind);
      byte[] bytes = codec.encode(envelope).toByteArray();
      assertThat(codec.decode(PeerFrame.parseFrom(bytes))).as("seed %d", seed).isEqualTo(envelope);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void arbitraryBytesAreRefusedPolitely(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    for (int i = 0; i < 500; i++) {
      byte[] bytes = new byte[dice.nextInt(64)];
      dice.nextBytes(bytes);
      decodesOrIsRefused(bytes);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void damagedFramesAreRefusedPolitely(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    RandomMessages messages = new RandomMessages(seed, PEERS);
    for (int i = 0; i < 200; i++) {
      byte[] good = codec.encode(messages.next(i % RandomMessages.KINDS)).toByteArray();
      decodesOrIsRefused(Arrays.copyOf(good, dice.nextInt(good.length + 1)));
      byte[] mutant = good.clone();
      int changes = 1 + dice.nextInt(4);
      for (int j = 0; j < changes && mutant.length > 0; j++) {
        mutant[dice.nextInt(mutant.length)] = (byte) dice.nextInt(256);
      }
      decodesOrIsRefused(mutant);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outOfRange")
  void outOfRangeIsRefused(String what, PeerFrame frame) {
    assertThatThrownBy(() -> codec.decode(frame))
        .isInstanceOf(MalformedFrameException.class)
        .hasMessageContaining(what);
  }

  static Stream<Arguments> outOfRange() {
    Prepare.Builder prepare = Prepare.newBuilder().setBallot(GOOD);
    Vote bad = Vote.newBuilder().setBallot(ballot(1, 3, 0)).build();
    return Stream.of(
        refused("instance -1", frame().setPrepare(prepare.setSeq(-1))),
        refused(
            "instance 9223372036854775807",
            frame().setPrepare(prepare.clone().setSeq(Long.MAX_VALUE))),
        refused("ballot round 0", prepare(ballot(0, 0, 0))),
        refused("ballot round -1", prepare(ballot(-1, 0, 0))),
        refused("ballot round 1", prepare(ballot(1, 0, -1))),
        refused("ballot of peer 3", prepare(ballot(1, 3, 0))),
        refused("ballot of peer -1", prepare(ballot(1, -1, 0))),
        refused("ballot round 0", frame().setPrepare(Prepare.newBuilder())),
        refused("ballot round 0", frame().setAccept(Accept.newBuilder())),
        refused(
            "ballot of peer 3",
            frame().setPromise(Promise.newBuilder().setBallot(GOOD).setVote(bad))),
        refused("ballot round 0", frame().setReject(Reject.newBuilder().setBallot(GOOD))),
        refused("neither ballot nor value", frame().setDecided(Decided.newBuilder())),
        refused(
            "2 done marks for 3 peers",
            frame().setForgotten(Forgotten.newBuilder().addDone(1).addDone(1))),
        refused(
            "4 done marks for 3 peers",
            frame()
                .setForgotten(
                    Forgotten.newBuilder().addDone(1).addDone(1).addDone(1).addDone(1))),
        refused(
            "done mark -2",
            frame().setForgotten(Forgotten.newBuilder().addDone(1).addDone(-1).addDone(1))),
        refused("instance -5", frame().setFetch(Fetch.newBuilder().setFirst(-5))),
        refused("instance -6", frame().setFetch(Fetch.newBuilder().setLast(-6))),
        refused(
            "instance -7",
            frame()
                .setFetched(Fetched.newBuilder().addEntries(Entry.newBuilder().setSeq(-7)))),
        refused("done mark", frame().setFetched(Fetched.newBuilder().setMaxPlusOne(-1))),
        refused("done mark", frame().setDone(-1).setPrepare(prepare.setSeq(0))),
        refused("journal position -1", frame().setDurable(-1).setPrepare(prepare.setSeq(0))),
        refused("a member without ids", frame().setRegister(Register.newBuilder())),
        refused("no life", frame().setRegistered(registered(bytes(16).substring(1), 1))),
        refused("no life", frame().setRegistered(registered(bytes(16), -1))),
        refused(
            "no line",
            frame().setNotRegistered(NotRegistered.newBuilder().setReason("two\nlines"))),
        refused("unexpected HELLO", frame().setHello(Hello.newBuilder())),
        refused("unexpected WELCOME", frame().setWelcome(Welcome.newBuilder())),
        refused("unexpected REFUSAL", frame().setRefusal(Refusal.newBuilder())),
        refused("unexpected MESSAGE_NOT_SET", frame()));
  }

  @Test
  void anEmptyValueIsAValue() {
    PeerFrame frame =
        frame().setDecided(Decided.newBuilder().setValue(ByteString.EMPTY)).build();
    dev.paxoskv.paxos.protocol.Message.Decided decided =
        (dev.paxoskv.paxos.protocol.Message.Decided) codec.decode(frame).message();
    assertThat(decided.value().orElseThrow().size()).isZero();
  }

  /** Whatever is let in can be said again, word for word. */
  private void decodesOrIsRefused(byte[] bytes) {
    Envelope envelope;
    try {
      envelope = codec.decode(PeerFrame.parseFrom(bytes));
    } catch (MalformedFrameException | InvalidProtocolBufferException refused) {
      return;
    }
    assertThat(codec.decode(codec.encode(envelope))).isEqualTo(envelope);
  }

  private static Registered.Builder registered(ByteString bootId, long incarnation) {
    Life life = Life.newBuilder()
        .setMemberId(bytes(16))
        .setBootId(bootId)
        .setIncarnation(incarnation)
        .build();
    return Registered.newBuilder().setLife(life);
  }

  private static ByteString bytes(int count) {
    return ByteString.copyFrom(new byte[count]);
  }

  private static Arguments refused(String what, PeerFrame.Builder frame) {
    return Arguments.of(what, frame.build());
  }

  private static PeerFrame.Builder frame() {
    return PeerFrame.newBuilder();
  }

  private static PeerFrame.Builder prepare(Ballot ballot) {
    return frame().setPrepare(Prepare.newBuilder().setBallot(ballot));
  }

  private static Ballot ballot(long round, int peer, long incarnation) {
    return Ballot.newBuilder()
        .setRound(round)
        .setPeer(peer)
        .setIncarnation(incarnation)
        .build();
  }
}
