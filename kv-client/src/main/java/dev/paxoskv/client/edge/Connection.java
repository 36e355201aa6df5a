package dev.paxoskv.client.edge;

import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.ServerFrame;
import java.util.List;

/**
 * One connection to one server, from the first try to reach it on. Used on its edge's own thread
 * only. Its end is told once; after {@link #close} nothing is told any more.
 */
public interface Connection {

  /** Told on the edge's own thread, never from within {@link Edge#dial}. */
  interface Listener {
    void opened(Connection connection);

    /** A {@code RuntimeException} from here ends the connection. */
    void received(Connection connection, ServerFrame frame);

    /** It could not be opened, or broke; {@code why} follows the server's address in a sentence. */
    void lost(Connection connection, String why);
  }

  /** Where it leads. */
  Address address();

  boolean isOpen();

  /** Writes all and flushes once; only while open. */
  void send(List<ClientFrame> frames);

  void close();
}
