package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** A run that has begun may be done later than what is begun behind it, so nothing is. */
class RunOrderTest {
  private final PlayedDoor server = new PlayedDoor(1);

  @Test
  void theNextRunOfWritesBeginsWhenTheOneBeforeIsAnswered() {
    int count = 2 * RedisConnection.RUN_MAX + 1;
    EmbeddedChannel client = server.says("INCR k\r\n".repeat(count));
    assertThat(server.service.count()).as("the session is asked for").isEqualTo(1);
    StringBuilder expected = new StringBuilder();
    for (int done = 0; done < count; done += RedisConnection.RUN_MAX) {
      server.step();
      int run = Math.min(RedisConnection.RUN_MAX, count - done);
      assertThat(server.service.count()).as("under way behind %s", done).isEqualTo(run);
    }
    server.step();
    assertThat(server.service.count()).isZero();
    for (int i = 1; i <= count; i++) {
      expected.append(':').append(i).append("\r\n");
    }
    assertThat(answers(client)).isEqualTo(expected.toString());
  }

  private static String answers(EmbeddedChannel client) {
    StringBuilder all = new StringBuilder();
    for (ByteBuf next = client.readOutbound(); next != null; next = client.readOutbound()) {
      all.append(next.toString(US_ASCII));
      next.release();
    }
    return all.toString();
  }
}
