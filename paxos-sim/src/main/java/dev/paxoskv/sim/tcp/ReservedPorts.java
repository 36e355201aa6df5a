package dev.paxoskv.sim.tcp;

import dev.paxoskv.paxos.net.Address;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Free ports on loopback for a list of peers that must be known before they start, held until
 * closed so that nobody else gets one before its peer starts. A socket that is bound and does not
 * listen lets another one listen there, if both ask to share the address, and refuses connections
 * until then. Relied on under Linux only.
 */
public final class ReservedPorts implements AutoCloseable {
  private final List<SocketChannel> sockets = new ArrayList<>();
  private final List<Address> addresses = new ArrayList<>();

  /** Reserves {@code count} ports. */
  public ReservedPorts(int count) {
    for (int i = 0; i < count; i++) {
      reserve();
    }
  }

  /** Where the peers are to listen, in order. */
  public List<Address> addresses() {
    return addresses;
  }

  @Override
  public void close() {
    for (SocketChannel socket : sockets) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void reserve() {
    try {
      SocketChannel socket = SocketChannel.open();
      sockets.add(socket);
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
      addresses.add(new Address("127.0.0.1", port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
