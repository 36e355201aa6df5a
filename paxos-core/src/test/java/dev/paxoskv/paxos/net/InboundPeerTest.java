package dev.paxoskv.paxos.net;

import static dev.paxoskv.paxos.net.Bytes.frame;
import static dev.paxoskv.paxos.net.Bytes.framed;
import static dev.paxoskv.paxos.net.Bytes.hello;
import static dev.paxoskv.paxos.net.Bytes.life;
import static dev.paxoskv.paxos.net.Bytes.prepare;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.net.wire.Frames;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.proto.peer.Hello;
import dev.paxoskv.proto.peer.Life;
import dev.paxoskv.proto.peer.Met;
import dev.paxoskv.proto.peer.PeerFrame;
import dev.paxoskv.proto.peer.Welcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A connection that somebody dialled, byte by byte; we are peer 0 of three. */
class InboundPeerTest {
  private static final PeerFrame WELCOME = welcome(1, 1);

  private final Arrivals arrivals = new Arrivals();
  private final Group group = Bytes.group(0, 0);
  private final List<EmbeddedChannel> channels = new ArrayList<>();

  @AfterEach
  void close() {
    channels.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  @Test
  void framesMayBeCutAnywhere() throws IOException {
    byte[] bytes = framed(hello(1, 1), frame(prepare(4)), frame(prepare(5)));
    for (int cut = 0; cut <= bytes.length; cut++) {
      arrivals.requests.clear();
      EmbeddedChannel channel = open();
      write(channel, Arrays.copyOf(bytes, cut));
      write(channel, Arrays.copyOfRange(bytes, cut, bytes.length));

      assertThat(said(channel)).as("cut at %d", cut).isEqualTo(List.of(WELCOME));
      assertThat(arrivals.requests)
          .as("cut at %d", cut)
          .extracting(Arrivals.Request::envelope)
          .isEqualTo(List.of(prepare(4), prepare(5)));
      assertThat(arrivals.requests).extracting(Arrivals.Request::from).containsOnly(1);
    }
  }

  @Test
  void bytesMayComeOneByOne() throws IOException {
    EmbeddedChannel channel = open();
    for (byte b : framed(hello(2, 1), frame(prepare(4)), frame(prepare(5)))) {
      write(channel, new byte[] {b});
    }
    assertThat(said(channel)).isEqualTo(List.of(welcome(2, 1)));
    assertThat(arrivals.requests).hasSize(2);
  }

  @Test
  void anAnswerGoesBackOnTheSameConnection() throws IOException {
    EmbeddedChannel channel = open();
    write(channel, framed(hello(1, 1), frame(prepare(4))));
    said(channel);
    Ballot ballot = new Ballot(5, 1, 1);
    Envelope promise = new Envelope(-1, new Message.Promise(4, ballot, Optional.empty()));

    InboundPeer asker = (InboundPeer) arrivals.requests.get(0).connection();
    asker.reply(promise);
    assertThat(said(channel)).as("not before the flush").isEmpty();
    asker.flush();
    assertThat(said(channel)).isEqualTo(List.of(frame(promise)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badGreetings")
  void aBadGreetingIsRefusedWithAReason(String reason, PeerFrame greeting) throws IOException {
    EmbeddedChannel channel = open();
    write(channel, framed(greeting));

    List<PeerFrame> said = said(channel);
    assertThat(said).hasSize(1);
    assertThat(said.get(0).getRefusal().getReason()).isEqualTo(reason);
    assertThat(channel.isOpen()).isFalse();
    assertThat(arrivals.requests).isEmpty();
  }

  static Stream<Arguments> badGreetings() {
    Hello good = hello(1, 1).getHello();
    return Stream.of(
        bad(
            "the lists of peers differ: peer 0 was started with a:1,b:2,c:3 but peer 1 with"
                + " a:1,c:3,b:2; start all with the same list",
            good.toBuilder().clearPeers().addPeers("a:1").addPeers("c:3").addPeers("b:2")),
        bad(
            "the lists of peers differ: peer 0 was started with a:1,b:2,c:3 but peer 1 with"
                + " a:1,b:2; start all with the same list",
            good.toBuilder().clearPeers().addPeers("a:1").addPeers("b:2")),
        bad(
            "peer 1 dialled index 2 but reached 0; check the addresses",
            good.toBuilder().setTo(2)),
        bad(
            "peer 0 was greeted by index 3; every peer needs an index of its own from 0 to 2",
            good.toBuilder().setFrom(3)),
        bad(
            "peer 0 was greeted by index -1; every peer needs an index of its own from 0 to 2",
            good.toBuilder().setFrom(-1)),
        bad(
            "peer 0 was greeted by index 0; every peer needs an index of its own from 0 to 2",
            good.toBuilder().setFrom(0)),
        bad("peer 1 gave no boot id of 16 bytes", good.toBuilder().setLife(Life.newBuilder())),
        Arguments.of("the first frame was no hello", frame(prepare(4))));
  }

  @Test
  void aSecondLifeIsRefusedAndTheFirstMayComeAgain() throws IOException {
    write(open(), framed(hello(1, 1)));
    EmbeddedChannel again = open();
    write(again, framed(hello(1, 1)));
    assertThat(said(again)).isEqualTo(List.of(WELCOME));

    EmbeddedChannel second = open();
    write(second, framed(hello(1, 2)));
    assertThat(said(second).get(0).getRefusal().getReason())
        .isEqualTo("peer 1 was restarted without its memory, and peer 0 knows its earlier life;"
            + " it may not vote again: restart the whole group");
    assertThat(second.isOpen()).isFalse();
    assertThat(again.isOpen()).isTrue();

    EmbeddedChannel other = open();
    write(other, framed(hello(2, 2)));
    assertThat(said(other).get(0).getWelcome().getMetList()).containsExactly(met(1, 1), met(2, 2));
  }

  @Test
  void aRefusedLifeIsNotRemembered() throws IOException {
    Hello wrong = hello(1, 1).getHello().toBuilder().setTo(2).build();
    write(open(), framed(PeerFrame.newBuilder().setHello(wrong).build()));
    EmbeddedChannel channel = open();
    write(channel, framed(hello(1, 2)));
    assertThat(said(channel)).isEqualTo(List.of(welcome(1, 2)));
  }

  @Test
  void whomAnotherHasMetIsKnownHereToo() throws IOException {
    Hello hearsay = hello(1, 1).getHello().toBuilder().addMet(met(2, 1)).build();
    write(open(), framed(PeerFrame.newBuilder().setHello(hearsay).build()));
    EmbeddedChannel restarted = open();
    write(restarted, framed(hello(2, 2)));
    assertThat(said(restarted).get(0).getRefusal().getRestarted()).isTrue();

    EmbeddedChannel first = open();
    write(first, framed(hello(2, 1)));
    assertThat(said(first).get(0).hasWelcome()).isTrue();
    assertThat(arrivals.stops).isEmpty();
  }

  @Test
  void whoHearsOfAnEarlierLifeOfItsOwnStops() {
    Hello hearsay = hello(1, 1).getHello().toBuilder().addMet(met(0, 9)).build();
    write(open(), framed(PeerFrame.newBuilder().setHello(hearsay).build()));
    assertThat(arrivals.stops).hasSize(1).first().asString().contains("restarted without");
  }

  private static Met met(int peer, int life) {
    return Met.newBuilder().setIndex(peer).setLife(life(life)).build();
  }

  private static PeerFrame welcome(int peer, int life) {
    Welcome welcome =
        Bytes.group(0, 0).welcome().toBuilder().addMet(met(peer, life)).build();
    return PeerFrame.newBuilder().setWelcome(welcome).build();
  }

  @Test
  void anAnswerWhereARequestWasDueClosesTheConnection() {
    EmbeddedChannel channel = open();
    Envelope answer = new Envelope(-1, new Message.Accepted(4, new Ballot(5, 1, 1)));
    write(channel, framed(hello(1, 1), frame(answer)));
    assertThat(channel.isOpen()).isFalse();
    assertThat(arrivals.requests).isEmpty();
    assertThat(arrivals.answers).isEmpty();
  }

  @Test
  void aSecondHelloClosesTheConnection() {
    EmbeddedChannel channel = open();
    write(channel, framed(hello(1, 1), hello(1, 1)));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aLongFrameBeforeTheGreetingIsNotGathered() {
    EmbeddedChannel channel = open();
    write(channel, varint(Frames.HELLO_FRAME_BYTES_MAX));
    assertThat(channel.isOpen()).isTrue();
    write(open(), varint(Frames.HELLO_FRAME_BYTES_MAX + 1));
    assertThat(channels.get(1).isOpen()).isFalse();
  }

  @Test
  void aLongFrameAfterTheGreetingIsNotGathered() {
    EmbeddedChannel most = open();
    write(most, framed(hello(1, 1)));
    write(most, varint(Frames.PEER_FRAME_BYTES_MAX));
    assertThat(most.isOpen()).isTrue();

    EmbeddedChannel over = open();
    write(over, framed(hello(1, 1)));
    write(over, varint(Frames.PEER_FRAME_BYTES_MAX + 1));
    assertThat(over.isOpen()).isFalse();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void noiseAfterTheGreetingEndsInACloseAndNothingElse(long seed) {
    EmbeddedChannel channel = open();
    write(channel, framed(hello(1, 1)));
    SplittableRandom dice = new SplittableRandom(seed);
    for (int i = 0; i < 10_000 && channel.isOpen(); i++) {
      byte[] noise = new byte[1 + dice.nextInt(4096)];
      dice.nextBytes(noise);
      write(channel, noise);
    }
    assertThat(channel.isOpen()).isFalse();
    assertThat(arrivals.requests).isEmpty();
  }

  @Test
  void whoDoesNotGreetInTimeIsSentAway() {
    EmbeddedChannel silent = open();
    EmbeddedChannel greeted = open();
    write(greeted, framed(hello(1, 1)));
    for (EmbeddedChannel channel : channels) {
      channel.advanceTimeBy(LinkContext.GREETING_SECONDS, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
    assertThat(silent.isOpen()).isFalse();
    assertThat(greeted.isOpen()).isTrue();
  }

  @Test
  void whoComesAndGoesLeavesNothingBehind() {
    EmbeddedChannel gone = open();
    // The channel's own close would end all timers, as no real one does.
    gone.pipeline().close();
    assertThat(gone.runScheduledPendingTasks()).as("nothing is left to do").isEqualTo(-1);
  }

  private static Arguments bad(String reason, Hello.Builder hello) {
    return Arguments.of(reason, PeerFrame.newBuilder().setHello(hello).build());
  }

  private EmbeddedChannel open() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    InboundPeer.install(new LinkContext(channel.eventLoop(), group, arrivals), channel);
    channels.add(channel);
    return channel;
  }

  private static void write(EmbeddedChannel channel, byte[] bytes) {
    if (channel.isOpen()) {
      channel.writeInbound(Unpooled.wrappedBuffer(bytes));
    }
  }

  private static byte[] varint(int length) {
    byte[] bytes = new byte[5];
    int size = 0;
    int rest = length;
    for (; rest > 0x7f; rest >>>= 7) {
      bytes[size++] = (byte) (rest | 0x80);
    }
    bytes[size++] = (byte) rest;
    return Arrays.copyOf(bytes, size);
  }

  private static List<PeerFrame> said(EmbeddedChannel channel) throws IOException {
    ByteBuf all = Unpooled.buffer();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      all.writeBytes(next);
      next.release();
    }
    List<PeerFrame> frames = new ArrayList<>();
    try (ByteBufInputStream in = new ByteBufInputStream(all)) {
      while (in.available() > 0) {
        frames.add(PeerFrame.parseDelimitedFrom(in));
      }
    }
    return frames;
  }
}
