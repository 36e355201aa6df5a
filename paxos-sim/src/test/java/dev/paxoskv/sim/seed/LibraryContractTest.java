package dev.paxoskv.sim.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.paxoskv.paxos.Paxos;
import dev.paxoskv.paxos.protocol.Status;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What the library promises beyond the course's suite. */
@Timeout(60)
class LibraryContractTest {
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    libraryLogger().addAppender(log);
  }

  @AfterEach
  void stopListening() {
    libraryLogger().detachAppender(log);
  }

  private static Logger libraryLogger() {
    return (Logger) LoggerFactory.getLogger("dev.paxoskv.paxos");
  }

  /** The lines that were logged by the library so far; a copy, as peers go on logging. */
  private List<String> logged() {
    return new ArrayList<>(log.list)
        .stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void idlePeersSendNothing() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      for (int seq = 0; seq < 10; seq++) {
        group.start(seq % 3, seq, "v" + seq);
        group.start((seq + 1) % 3, seq, "w" + seq);
      }
      for (int seq = 0; seq < 10; seq++) {
        group.awaitDecidedByAll(seq);
      }
      group.peers().forEach(peer -> peer.done(4));
      Waits.patiently("done marks everywhere", () -> minOfAll(group) == 5);
      Waits.settle(Duration.ofMillis(200));

      long before = group.requests();
      Waits.holds(Duration.ofSeconds(2), () -> assertThat(group.requests()).isEqualTo(before));
    }
  }

  private static long minOfAll(PaxosGroup group) {
    long least = Long.MAX_VALUE;
    for (Paxos peer : group.peers()) {
      least = Math.min(least, peer.min());
    }
    return least;
  }

  /** Each peer's requests reach one other only, which makes a majority of three with itself. */
  @Test
  void oneWayLinksAreEnough() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      for (int peer = 0; peer < 3; peer++) {
        group.faults().cut(peer, (peer + 1) % 3);
      }
      for (int seq = 0; seq < 10; seq++) {
        for (int peer = 0; peer < 3; peer++) {
          group.start(peer, seq, "of " + peer);
        }
      }
      for (int seq = 0; seq < 10; seq++) {
        group.awaitDecidedByAll(seq);
      }
    }
  }

  @Test
  void startReturnsAtOnce() {
    try (PaxosGroup group = PaxosGroup.some(3, 0)) {
      long start = System.nanoTime();
      for (int seq = 0; seq < 1000; seq++) {
        group.start(0, seq, "nobody answers");
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(group.peer(0).status(999)).isEqualTo(Status.PENDING);
    }
  }

  @Test
  void statusIsLocal() {
    try (PaxosGroup group = PaxosGroup.some(3, 0)) {
      Paxos alone = group.peer(0);
      assertThat(alone.max()).isEqualTo(-1);
      assertThat(alone.min()).isZero();
      alone.start(3, PaxosGroup.bytes("pending"));

      long start = System.nanoTime();
      for (int i = 0; i < 100; i++) {
        assertThat(alone.status(3)).isEqualTo(Status.PENDING);
        assertThat(alone.status(1_000_000)).isEqualTo(Status.PENDING);
      }
      assertThat(alone.max()).isEqualTo(3);
      assertThat(alone.min()).isZero();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }
  }

  @Test
  void closeLeavesNoThread() {
    Set<Thread> before = threadsOfPeers();
    PaxosGroup group = PaxosGroup.of(3);
    group.start(0, 0, "x");
    group.awaitDecidedByAll(0);
    group.start(1, 1, "in flight");
    assertThat(threadsOfPeers()).hasSizeGreaterThan(before.size());

    group.close();
    awaitNoThreadBut(before);
    group.peers().forEach(Paxos::close);
    awaitNoThreadBut(before);
  }

  /**
   * When close returns, an event loop has done its last work but its thread may not be gone yet.
   */
  private static void awaitNoThreadBut(Set<Thread> before) {
    Waits.patiently("threads to end", () -> before.containsAll(threadsOfPeers()));
  }

  private static Set<Thread> threadsOfPeers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("paxos-"))
        .collect(Collectors.toSet());
  }

  @Test
  void closedPeerRefusesUse() {
    PaxosGroup group = PaxosGroup.some(3, 0);
    Paxos peer = group.peer(0);
    group.close();
    assertThatThrownBy(() -> peer.start(0, new byte[1]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> peer.status(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> peer.done(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(peer::max).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(peer::min).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void takenPortIsNamed() {
    try (PaxosGroup group = PaxosGroup.some(3, 0)) {
      Set<Thread> before = threadsOfPeers();
      assertThatThrownBy(() -> Paxos.make(group.addresses(), 0))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(group.addresses().get(0))
          .hasMessageContaining("in use");
      awaitNoThreadBut(before);
      group.start(0, 0, "the first one lives on");
      assertThat(group.peer(0).max()).isZero();
    }
  }

  @Test
  void valuesOverTheLimitAreRefused() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      Paxos peer = group.peer(0);
      assertThatThrownBy(() -> peer.start(0, new byte[Paxos.VALUE_BYTES_MAX + 1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(Integer.toString(Paxos.VALUE_BYTES_MAX + 1))
          .hasMessageContaining(Integer.toString(Paxos.VALUE_BYTES_MAX));
      assertThat(peer.max()).isEqualTo(-1);

      peer.start(0, new byte[Paxos.VALUE_BYTES_MAX]);
      group.awaitDecidedByAll(0);
    }
  }

  @Test
  void driveOverTheLimitIsRefused() {
    try (PaxosGroup group = PaxosGroup.some(3, 0)) {
      Paxos peer = group.peer(0);
      byte[] large = new byte[Paxos.VALUE_BYTES_MAX];
      int fit = (int) (Paxos.DRIVING_BYTES_MAX / (large.length + 1024));
      for (int seq = 0; seq < fit; seq++) {
        peer.start(seq, large);
      }
      assertThatThrownBy(() -> peer.start(fit, large))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(Long.toString(Paxos.DRIVING_BYTES_MAX));
    }
  }

  @Test
  void differingListsAreRefusedAndNamed() {
    try (PaxosGroup group = PaxosGroup.some(3, 0)) {
      List<String> other =
          List.of(group.addresses().get(0), group.addresses().get(1), "127.0.0.1:1");
      try (Paxos stranger = Paxos.make(other, 1)) {
        stranger.start(0, PaxosGroup.bytes("not of this group"));
        Waits.patiently(
            "the refusal",
            () -> logged().stream()
                .anyMatch(line -> line.startsWith("refused")
                    && line.contains(String.join(",", group.addresses()))
                    && line.contains(String.join(",", other))));
        Waits.holds(
            Duration.ofMillis(500), () -> assertThat(stranger.status(0)).isEqualTo(Status.PENDING));
        assertThat(group.peer(0).max()).isEqualTo(-1);
      }
    }
  }

  @Test
  void restartedPeerStaysOut() {
    try (PaxosGroup group = PaxosGroup.of(3)) {
      for (int peer = 0; peer < 3; peer++) {
        group.start(peer, peer, "all three meet");
      }
      for (int seq = 0; seq < 3; seq++) {
        group.awaitDecidedByAll(seq);
      }
      group.peer(2).close();
      group.join(2);
      Paxos restarted = group.peer(2);
      restarted.start(3, PaxosGroup.bytes("of the restarted"));
      group.start(0, 4, "of the others");

      Waits.patiently(
          "the restarted to stop",
          () -> logged().stream()
              .anyMatch(line -> line.startsWith("stopped for safety: peer 2 was restarted")));
      assertThatThrownBy(() -> restarted.status(0)).isInstanceOf(IllegalStateException.class);
    }
  }
}
