package dev.paxoskv.server.door.redis;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static EmbeddedChannel asksOf(PlayedDoor server) {
    EmbeddedChannel client = server.says("GET k\r\nGET k\r\n");
    assertThat(server.service.count()).as("is under way").isEqualTo(1);
    return client;
  }
}
