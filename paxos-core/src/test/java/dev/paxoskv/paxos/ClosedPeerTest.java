package dev.paxoskv.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.net.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a peer that is closed leaves behind. */
class ClosedPeerTest {
  private static final int PATIENCE_SECONDS = 20;

  /**
   * Whoever has dialled it must see that it is gone, or would wait for a peer that is none any
   * more. A peer that stops itself does so on its event loop, which ends in that very turn.
   */
  @Test
  void aPeerThatStopsItselfLeavesNoConnectionOpen() throws Exception {
    try (PaxosNode node = alone();
        Socket stranger = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
      CountDownLatch let = new CountDownLatch(1);
      int besides =
          node.network().listenBeside(new Address("127.0.0.1", 0), channel -> let.countDown());
      try (Socket visitor = new Socket(InetAddress.getLoopbackAddress(), besides)) {
        assertThat(let.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        node.execute(node::close);
        assertThat(isEnded(visitor)).isTrue();
        assertThat(isEnded(stranger)).isTrue();
      }
    }
  }

  /** Threads come at all moments of the end of the loop, and none may come too late for it. */
  @Test
  void manyMayCloseAtOnce() throws Exception {
    for (int i = 0; i < 200; i++) {
      PaxosNode node = alone();
      ExecutorService fresh = Executors.newCachedThreadPool();
      List<Future<?>> closed = new ArrayList<>();
      for (int closer = 0; closer < 4; closer++) {
        closed.add(fresh.submit(node::close));
      }
      for (Future<?> one : closed) {
        one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
      node.stopped().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      fresh.shutdown();
    }
  }

  /** Applications ask for hours; what each question left behind would fill the memory. */
  @Test
  void aQuestionLeavesNothingBehind() {
    try (Paxos peer = Paxos.open(NodeConfig.library(List.of(new Address("127.0.0.1", 0)), 0))) {
      peer.status(0);
      int before = peer.waitingForTheEnd();
      for (int i = 0; i < 1000; i++) {
        peer.status(i);
      }
      assertThat(peer.waitingForTheEnd()).isEqualTo(before);
    }
  }

  private static PaxosNode alone() {
    return new PaxosNode(NodeConfig.library(List.of(new Address("127.0.0.1", 0)), 0)).open();
  }

  private static boolean isEnded(Socket socket) throws IOException {
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    return socket.getInputStream().read() < 0;
  }
}
