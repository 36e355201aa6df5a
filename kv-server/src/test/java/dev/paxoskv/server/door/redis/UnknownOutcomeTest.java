package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.proto.kv.Batch;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.service.ReplyTo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

/** A write that the state refuses, but may have applied before, is not said to have failed. */
class UnknownOutcomeTest {
  private final PlayedDoor server = new PlayedDoor(1);

  @Test
  void aWriteWhoseResultIsForgottenMayHaveHappened() throws InvalidProtocolBufferException {
    EmbeddedChannel first = server.says("INCR k\r\n");
    server.step();
    server.step();
    assertThat(answer(first)).isEqualTo(":1\r\n");

    // Something acknowledges the number that the next write of the door will have.
    Command next = newest().toBuilder().setNumber(3).setAcknowledged(2).build();
    server.service.submit(next, next.toByteString(), new Nobody());
    EmbeddedChannel second = server.says("INCR k\r\n");
    server.step();
    assertThat(answer(second))
        .isEqualTo("-UNKNOWN outcome unknown: number 2 was acknowledged before\r\n");
  }

  private Command newest() throws InvalidProtocolBufferException {
    Batch batch = Batch.parseFrom(server.log.get(server.log.size() - 1).bytes());
    return batch.getCommands(batch.getCommandsCount() - 1);
  }

  private static String answer(EmbeddedChannel client) {
    ByteBuf out = client.readOutbound();
    String text = out.toString(US_ASCII);
    out.release();
    return text;
  }

  private static final class Nobody implements ReplyTo {
    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void completed(long number, Result result) {}

    @Override
    public void refused(long number, String reason) {}

    @Override
    public void retryLater(long number, String reason) {}
  }
}
