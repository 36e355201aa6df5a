package dev.paxoskv.paxos.net;

import static dev.paxoskv.paxos.net.Bytes.frame;
import static dev.paxoskv.paxos.net.Bytes.framed;
import static dev.paxoskv.paxos.net.Bytes.hello;
import static dev.paxoskv.paxos.net.Bytes.life;
import static dev.paxoskv.paxos.net.Bytes.preamble;
import static dev.paxoskv.paxos.net.Bytes.prepare;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.net.wire.Preamble;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.proto.peer.PeerFrame;
import dev.paxoskv.proto.peer.Welcome;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets on one machine: two transports, and strangers that hold the other end by hand. */
@Timeout(60)
class LoopbackTest {
  private static final Envelope PROMISE =
      new Envelope(-1, new Message.Promise(4, new Ballot(5, 1, 1), Optional.empty()));

  /** One transport on a loop of its own. */
  private static final class Peer {
    final EventLoopGroup group = EventLoops.single("test");
    final EventLoop loop = group.next();
    final Arrivals arrivals = new Arrivals();
    final NettyTransport transport;
    final int port;

    Peer(int me, int life, Map<Integer, Address> dial) {
      transport = new NettyTransport(loop, Bytes.config(me, life, dial), arrivals);
      port = transport.listen(loop, new Address("127.0.0.1", 0), Optional.empty());
    }

    void send(int to, Envelope... envelopes) {
      loop.submit(() -> {
            for (Envelope envelope : envelopes) {
              transport.send(to, envelope);
            }
            transport.flush();
          })
          .syncUninterruptibly();
    }

    void reply(Arrivals.Request request, Envelope envelope) {
      loop.submit(() -> {
            transport.reply(request.connection(), envelope);
            transport.flush();
          })
          .syncUninterruptibly();
    }

    void close() {
      loop.submit(transport::close).syncUninterruptibly();
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private final List<Peer> peers = new ArrayList<>();
  private final Peer zero = peer(0, 0, List.of());

  @AfterEach
  void close() {
    peers.forEach(Peer::close);
  }

  @Test
  void aRequestGoesOutAndItsAnswerComesBackOnTheSameConnection() {
    Peer one = peer(1, 1, List.of(zero.port));
    one.send(0, prepare(4), prepare(5));

    soon(() -> zero.arrivals.requests.size() == 2);
    assertThat(zero.arrivals.requests)
        .extracting(Arrivals.Request::envelope)
        .isEqualTo(List.of(prepare(4), prepare(5)));
    zero.reply(zero.arrivals.requests.get(0), PROMISE);

    soon(() -> one.arrivals.answers.size() == 1);
    assertThat(one.arrivals.answers).isEqualTo(List.of(new Arrivals.Answer(0, PROMISE)));
    assertThat(one.arrivals.failed).isEmpty();
    assertThat(one.transport.heardWithin(60_000)).containsExactly(0);
    assertThat(zero.transport.heardWithin(60_000)).containsExactly(1);
  }

  @Test
  void whatCannotGetThroughFails() throws IOException {
    int nobody;
    try (ServerSocket closed = new ServerSocket(0)) {
      nobody = closed.getLocalPort();
    }
    Peer one = peer(1, 1, List.of(nobody));
    one.send(0, prepare(4));
    soon(() -> one.arrivals.failed.size() == 1);
    assertThat(one.arrivals.failed).isEqualTo(List.of(new Arrivals.Failed(0, prepare(4))));
  }

  @Test
  void aConnectionThatBreaksIsDialledAgain() throws IOException {
    try (ServerSocket server = server()) {
      Peer one = peer(1, 1, List.of(server.getLocalPort()));
      one.send(0, prepare(4));
      try (Socket first = greetedBy(server, 7)) {
        assertThat(read(first)).contains(frame(prepare(4)));
      }
      server.setSoTimeout(200);
      soon(() -> {
        one.send(0, prepare(5));
        return isCarried(server, prepare(5));
      });
    }
  }

  /** Whether somebody dials and says this; what was dialled and given up meanwhile says nothing. */
  private static boolean isCarried(ServerSocket server, Envelope envelope) throws IOException {
    try (Socket next = greetedBy(server, 7)) {
      return read(next).equals(Optional.of(frame(envelope)));
    } catch (SocketException | SocketTimeoutException nobody) {
      return false;
    }
  }

  @Test
  void aDialledPeerInAnotherLifeIsNotBelieved() throws IOException {
    try (ServerSocket server = server()) {
      Peer one = peer(1, 1, List.of(server.getLocalPort()));
      one.send(0, prepare(4));
      try (Socket first = greetedBy(server, 7)) {
        assertThat(read(first)).contains(frame(prepare(4)));
      }
      server.setSoTimeout(200);
      soon(() -> {
        one.send(0, prepare(5));
        assertThat(saysToAnotherLife(server)).as("closed, and nothing was said").isEmpty();
        return !one.transport.refusals().isEmpty();
      });
      assertThat(one.transport.refusals().get(0)).contains("peer 0 was restarted without");
      soon(() -> one.arrivals.failed.contains(new Arrivals.Failed(0, prepare(5))));
    }
  }

  private static Optional<PeerFrame> saysToAnotherLife(ServerSocket server) throws IOException {
    try (Socket next = greetedBy(server, 8)) {
      return read(next);
    } catch (SocketException | SocketTimeoutException nobody) {
      return Optional.empty();
    }
  }

  @Test
  void aRefusalIsKeptForPeopleToRead() {
    Peer stranger = peer(1, 1, List.of(zero.port));
    stranger.send(0, prepare(4));
    soon(() -> zero.arrivals.requests.size() == 1);

    Peer second = peer(1, 2, List.of(zero.port));
    second.send(0, prepare(5));
    soon(() -> second.arrivals.failed.size() == 1);
    assertThat(second.transport.refusals())
        .containsExactly("peer 0 refuses us: peer 1 was restarted without its memory, and peer 0"
            + " knows its earlier life; it may not vote again: restart the whole group");
    soon(() -> second.arrivals.stops.size() == 1);
    assertThat(zero.arrivals.requests).hasSize(1);
  }

  @Test
  void aRequestAsAnAnswerClosesTheConnection() throws IOException {
    try (ServerSocket server = server()) {
      Peer one = peer(1, 1, List.of(server.getLocalPort()));
      one.send(0, prepare(4));
      try (Socket socket = greetedBy(server, 7)) {
        assertThat(read(socket)).contains(frame(prepare(4)));
        write(socket, framed(frame(prepare(9))));
        assertThat(read(socket)).isEmpty();
      }
      assertThat(one.arrivals.requests).isEmpty();
      assertThat(one.arrivals.answers).isEmpty();
    }
  }

  @Test
  void thePreambleMayBeCutAnywhere() throws IOException {
    byte[] opening = concat(preamble(), framed(hello(1, 1), frame(prepare(4))));
    for (int cut = 0; cut <= Preamble.BYTES + 2; cut++) {
      try (Socket socket = dial()) {
        write(socket, Arrays.copyOf(opening, cut));
        int expected = cut + 1;
        write(socket, Arrays.copyOfRange(opening, cut, opening.length));
        assertThat(read(socket)).as("cut at %d", cut).get().matches(PeerFrame::hasWelcome);
        soon(() -> zero.arrivals.requests.size() == expected);
      }
    }
  }

  @Test
  void aWrongPreambleIsSentAwayWithoutAWord() throws IOException {
    List<byte[]> wrong = List.of(
        "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        new byte[Preamble.BYTES],
        new byte[] {'P', 'X', 'K', 'V', 1, 1, 0, 0},
        // No door for clients here.
        new byte[] {'P', 'X', 'K', 'V', 2, 2, 0, 0});
    for (byte[] bytes : wrong) {
      try (Socket socket = dial()) {
        write(socket, bytes);
        assertThat(read(socket)).isEmpty();
      }
    }
    goesOn();
  }

  @Test
  void sixtyFourMebibytesOfNoiseAreSentAway() throws IOException {
    for (byte[] opening :
        List.of(new byte[0], preamble(), concat(preamble(), framed(hello(2, 2))))) {
      try (Socket socket = dial()) {
        SplittableRandom dice = new SplittableRandom(opening.length);
        byte[] noise = new byte[1 << 20];
        boolean isClosed = false;
        write(socket, opening);
        for (int i = 0; i < 64 && !isClosed; i++) {
          dice.nextBytes(noise);
          isClosed = !write(socket, noise);
        }
        for (Optional<PeerFrame> f = read(socket); f.isPresent(); f = read(socket)) {
          assertThat(f.get().hasWelcome() || f.get().hasRefusal()).isTrue();
        }
      }
    }
    goesOn();
  }

  private void goesOn() {
    Peer one = peer(1, 1, List.of(zero.port));
    int before = zero.arrivals.requests.size();
    one.send(0, prepare(77));
    soon(() -> zero.arrivals.requests.size() == before + 1);
  }

  private Peer peer(int me, int life, List<Integer> portOfZero) {
    TreeMap<Integer, Address> dial = new TreeMap<>();
    portOfZero.forEach(port -> dial.put(0, new Address("127.0.0.1", port)));
    Peer peer = new Peer(me, life, dial);
    peers.add(peer);
    return peer;
  }

  private Socket dial() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), zero.port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    return socket;
  }

  private static ServerSocket server() throws IOException {
    ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    server.setSoTimeout(20_000);
    return server;
  }

  /** Takes a connection, and welcomes it as peer 0 in its life of that number. */
  private static Socket greetedBy(ServerSocket server, int life) throws IOException {
    Socket socket = server.accept();
    socket.setSoTimeout(20_000);
    assertThat(socket.getInputStream().readNBytes(Preamble.BYTES)).isEqualTo(preamble());
    assertThat(read(socket).map(f -> f.getHello().toBuilder().clearMet().build()))
        .contains(hello(1, 1).getHello());
    Welcome welcome = Welcome.newBuilder()
        .setLife(life(life))
        .setCluster(hello(1, 1).getHello().getCluster())
        .build();
    write(socket, framed(PeerFrame.newBuilder().setWelcome(welcome).build()));
    return socket;
  }

  /** The next frame; empty if the other side has closed. */
  private static Optional<PeerFrame> read(Socket socket) throws IOException {
    try {
      InputStream in = socket.getInputStream();
      return Optional.ofNullable(PeerFrame.parseDelimitedFrom(in));
    } catch (SocketException reset) {
      return Optional.empty();
    }
  }

  /** Whether the other side took the bytes. */
  private static boolean write(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
      return true;
    } catch (IOException closed) {
      return false;
    }
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  private static void soon(Callable<Boolean> condition) {
    await().atMost(20, TimeUnit.SECONDS).pollInterval(5, TimeUnit.MILLISECONDS).until(condition);
  }
}
