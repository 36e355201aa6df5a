package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** A client that goes while its reads are under way must not be counted with for ever. */
class GoneClientTest {
  @Test
  void whatIsAnsweredTooLateIsNotUnread() {
    PlayedDoor server = new PlayedDoor(1);
    EmbeddedChannel client = asksOf(server);
    client.close();
    server.step();
    assertThat(server.service.count()).as("is answered").isZero();
    assertThat(server.door.budget().unread()).isZero();
  }

  @Test
  void whatIsPutOffTooLateIsNotUnread() {
    PlayedDoor server = new PlayedDoor(3);
    EmbeddedChannel client = asksOf(server);
    server.step();
    client.close();
    for (int tick = 0; tick < 1000; tick++) {
      server.service.tick();
    }
    assertThat(server.service.count()).as("is put off").isZero();
    assertThat(server.door.budget().unread()).isZero();
  }

  @Test
  void whoIsOneTooManyIsTold() {
    PlayedDoor server = new PlayedDoor(1);
    EmbeddedChannel first = come(server);
    for (int i = 1; i < RedisDoor.CLIENTS_MAX; i++) {
      assertThat(come(server).isOpen()).isTrue();
    }
    EmbeddedChannel late = come(server);
    ByteBuf told = late.readOutbound();
    assertThat(told.toString(US_ASCII))
        .isEqualTo("-ERR max number of clients reached, which is 4096\r\n");
    told.release();
    assertThat(late.isOpen()).isFalse();
    first.close();
    assertThat(come(server).isOpen()).as("there is room again").isTrue();
  }

  private static EmbeddedChannel come(PlayedDoor server) {
    EmbeddedChannel client = new EmbeddedChannel();
    server.door.accept(client);
    return client;
  }

  private static EmbeddedChannel asksOf(PlayedDoor server) {
    EmbeddedChannel client = server.says("GET k\r\nGET k\r\n");
    assertThat(server.service.count()).as("is under way").isEqualTo(1);
    return client;
  }
}
