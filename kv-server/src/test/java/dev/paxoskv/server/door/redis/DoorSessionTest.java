package dev.paxoskv.server.door.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.server.machine.SessionId;
import org.junit.jupiter.api.Test;

/** The numbers under which the door's writes enter the log. */
class DoorSessionTest {
  private static final int WINDOW = Limit.SESSION_WINDOW_VALUE;

  private final DoorSession.Open session = new DoorSession.Open(new SessionId(1, 2));

  /** What every server forgets must be over: the results of writes up to this are dropped. */
  private long acknowledged() throws InvalidProtocolBufferException {
    byte[] write = session.command(1, StringCommands.put(new byte[1], new byte[1]));
    return Command.parseFrom(write).getAcknowledged();
  }

  @Test
  void noWriteIsAcknowledgedBeforeItIsOver() throws InvalidProtocolBufferException {
    for (int number = 1; number <= 5; number++) {
      assertThat(session.number()).isEqualTo(number);
    }
    session.over(2);
    session.over(3);
    assertThat(acknowledged()).as("1 is under way").isZero();
    session.over(1);
    assertThat(acknowledged()).isEqualTo(3);
    session.over(5);
    assertThat(acknowledged()).as("4 is under way").isEqualTo(3);
    session.over(4);
    assertThat(acknowledged()).isEqualTo(5);
    assertThat(session.number()).isEqualTo(6);
    assertThat(acknowledged()).isEqualTo(5);
  }

  @Test
  void noMoreWritesAreNumberedThanASessionRemembersTheResultsOf()
      throws InvalidProtocolBufferException {
    for (long begun = 0; begun < 3L * WINDOW; begun += WINDOW) {
      assertThat(session.hasRoomFor(WINDOW)).isTrue();
      assertThat(session.hasRoomFor(WINDOW + 1)).isFalse();
      for (int i = 0; i < WINDOW; i++) {
        session.number();
      }
      assertThat(session.hasRoomFor(1)).isFalse();
      for (long number = begun + WINDOW; number > begun + 1; number--) {
        session.over(number);
      }
      assertThat(session.hasRoomFor(1)).as("%s is under way", begun + 1).isFalse();
      session.over(begun + 1);
      assertThat(acknowledged()).isEqualTo(begun + WINDOW);
    }
  }
}
