package dev.paxoskv.paxos.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.net.wire.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

/** What an operator reads of a peer that cannot be reached. */
class PeerLinkReasonTest {
  @Test
  void aPortWhereNothingListensIsSaidInWords() throws IOException {
    ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    gone.close();
    EventLoop loop = EventLoops.single("link-reason").next();
    try {
      Throwable cause = new Bootstrap()
          .group(loop)
          .channel(EventLoops.socketChannel())
          .handler(new ChannelInboundHandlerAdapter())
          .connect(gone.getInetAddress(), gone.getLocalPort())
          .awaitUninterruptibly()
          .cause();
      assertThat(PeerLink.reason(cause)).isEqualTo("nothing listens there");
    } finally {
      loop.parent().shutdownGracefully().syncUninterruptibly();
    }
  }

  @Test
  void otherReasonsSpeakForThemselves() {
    assertThat(PeerLink.reason(new IOException("No route to host"))).isEqualTo("No route to host");
  }
}
