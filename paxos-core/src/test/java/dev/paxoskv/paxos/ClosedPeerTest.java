package dev.paxoskv.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.net.Address;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
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
    try (PaxosNode node =
            new PaxosNode(NodeConfig.library(List.of(new Address("127.0.0.1", 0)), 0)).open();
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

  private static boolean isEnded(Socket socket) throws IOException {
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
    return socket.getInputStream().read() < 0;
  }
}
