package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.Silence;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Pending;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A client that goes while its reads are under way must not be counted with for ever. */
class GoneClientTest {

  private final Pending pending = new Pending();
  private final KvStateMachine machine = new KvStateMachine(pending);

  @Test
  void whatIsAnsweredTooLateIsNotUnread() {
    Server server = new Server(1);
    EmbeddedChannel client = server.asks();
    client.close();
    server.step();
    assertThat(server.service.count()).as("is answered").isZero();
    assertThat(server.door.budget().unread()).isZero();
  }

  @Test
  void whatIsPutOffTooLateIsNotUnread() {
    Server server = new Server(3);
    EmbeddedChannel client = server.asks();
    server.step();
    client.close();
    for (int tick = 0; tick < 1000; tick++) {
      server.service.tick();
    }
    assertThat(server.service.count()).as("is put off").isZero();
    assertThat(server.door.budget().unread()).isZero();
  }

  /** One of so many, whose others say nothing. */
  private final class Server {
    final Host host;
    final KvService service;
    final RedisDoor door;

    Server(int of) {
      Replica replica = new Replica(new ReplicaConfig(0, of, 1, 0), new SplittableRandom(1));
      host = new Host(
          replica, new Silence(), new MemoryJournal(), Optional.of(machine), Observer.NONE);
      service =
          new KvService(host, pending, new SplittableRandom(2), Optional::empty, () -> machine);
      door = new RedisDoor(
          service,
          machine::keys,
          ServerStatus::getDefaultInstance,
          () -> {},
          new SplittableRandom(3));
    }

    EmbeddedChannel asks() {
      EmbeddedChannel client = new EmbeddedChannel();
      door.accept(client);
      client.writeInbound(Unpooled.copiedBuffer("GET k\r\nGET k\r\n", US_ASCII));
      door.flush();
      assertThat(service.count()).as("is under way").isEqualTo(1);
      return client;
    }

    void step() {
      service.propose();
      host.flush();
      service.settle();
      door.flush();
    }
  }
}
