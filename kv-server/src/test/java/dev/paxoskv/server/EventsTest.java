package dev.paxoskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.sim.tcp.FaultPlan;
import dev.paxoskv.sim.tcp.FaultyTransport;
import dev.paxoskv.sim.tcp.ReservedPorts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Three real servers, and what their logs say as one is cut off and comes back. */
class EventsTest {
  private final FaultPlan faults = new FaultPlan(FaultPlan.Loss.SILENT);
  private final ReservedPorts ports = new ReservedPorts(3);
  private final List<KvServer> servers = new ArrayList<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(Events.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void open() {
    log.setLevel(Level.INFO);
    log.setAdditive(false);
    lines.start();
    log.addAppender(lines);
    List<Address> peers = ports.addresses();
    for (int me = 0; me < peers.size(); me++) {
      FaultyTransport network = new FaultyTransport(me, faults);
      servers.add(
          KvServer.open(KvServerConfig.of(peers, me).withNetwork(network::around, network)));
    }
  }

  @AfterEach
  void close() {
    servers.forEach(KvServer::close);
    ports.close();
    log.detachAppender(lines);
    log.setLevel(null);
    log.setAdditive(true);
  }

  @Test
  void eachChangeIsSaidOnceAndOnOneLine() {
    // Each says who leads; on a busy machine the first leader need not be the last.
    await().until(() -> count("server \\d leads.*") >= 3);
    await().until(() -> count("server \\d is heard") == 6);

    faults.partition(new int[] {0}, new int[] {1, 2});
    await().until(() -> count("server 0 has not been heard for 2000 ms") == 2);
    await().until(() -> count("server [12] has not been heard for 2000 ms") == 2);

    faults.heal();
    await().until(() -> count("server \\d is heard") == 10);
    assertThat(said()).noneMatch(event -> event.getThrowableProxy() != null);
    assertThat(said()).noneMatch(event -> event.getFormattedMessage().contains("\n"));
    assertThat(count(".*has not been heard.*")).isEqualTo(4);
  }

  private long count(String line) {
    return said().stream()
        .filter(event -> event.getFormattedMessage().matches(line))
        .count();
  }

  /** The appender adds under its own lock. */
  private List<ILoggingEvent> said() {
    synchronized (lines) {
      return List.copyOf(lines.list);
    }
  }
}
