package dev.paxoskv.server.door.redis;

import dev.paxoskv.server.door.redis.RedisConnection.Slot;
import dev.paxoskv.server.door.redis.wire.Resp;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.service.KvService.Unit;
import dev.paxoskv.server.service.ReplyTo;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes that came one behind the other, and go into one batch. Each is answered with what it came
 * to; after a while without an answer, with that nobody knows, or that it certainly did not happen.
 */
final class WriteRun implements RedisConnection.Run {
  private static final String NEVER =
      "CLUSTERDOWN not applied: no majority of the servers took it on in time; see that they run,"
          + " then try again";

  private final RedisDoor door;
  private final RedisConnection connection;
  private final List<Slot> slots;
  private final List<Write> left;

  /** Those whose session had ended: they have had no effect and begin once more. */
  private final List<Slot> back = new ArrayList<>();

  private int unanswered;
  private boolean hasBegun;

  WriteRun(RedisDoor door, RedisConnection connection, List<Slot> slots) {
    this.door = door;
    this.connection = connection;
    this.slots = slots;
    this.left = new ArrayList<>(slots.size());
  }

  @Override
  public void begin() {
    unanswered = slots.size();
    door.begun(this);
    door.session().enter(this);
  }

  /** There is a session. */
  void enter(DoorSession.Open session) {
    if (isOver()) {
      return;
    }
    if (!session.hasRoomFor(slots.size())) {
      fail("TRYAGAIN not applied: as many writes of this door are under way as a session may have");
      return;
    }
    for (Slot slot : slots) {
      left.add(new Write(slot, session, session.number()));
    }
    Unit unit = door.unit();
    for (Write write : left) {
      door.submit(unit, session.command(write.number, write.task().operation()), write);
    }
    hasBegun = true;
  }

  /** None of it has begun, and none will. */
  void fail(String why) {
    if (!isOver()) {
      slots.forEach(slot -> answer(slot, new Resp.Failure(why)));
    }
  }

  boolean isOver() {
    return unanswered == 0;
  }

  /** It took too long. */
  void giveUp() {
    if (left.isEmpty()) {
      fail(NEVER);
    }
    for (Write write : left) {
      if (!write.isOver) {
        boolean wasNever = door.withdraw(write.session.id(), write.number);
        write.end(new Resp.Failure(
            wasNever
                ? NEVER
                : "UNKNOWN outcome unknown: no majority of the servers answered in time; read the"
                    + " key to learn whether it took effect"));
      }
    }
  }

  @Override
  public void abandon() {
    for (Write write : left) {
      write.forget();
    }
    unanswered = 0;
  }

  private void answer(Slot slot, Resp reply) {
    connection.answer(slot, reply);
    settled();
  }

  private void settled() {
    unanswered--;
    if (unanswered == 0) {
      connection.ended(back);
    }
  }

  private final class Write implements ReplyTo {
    private final Slot slot;
    private final DoorSession.Open session;
    private final long number;
    private boolean isOver;

    Write(Slot slot, DoorSession.Open session, long number) {
      this.slot = slot;
      this.session = session;
      this.number = number;
    }

    Task.Write task() {
      return (Task.Write) slot.task;
    }

    @Override
    public boolean isOpen() {
      return !isOver && connection.isOpen();
    }

    @Override
    public void completed(long ignored, Result result) {
      if (result instanceof Result.Expired) {
        door.session().ended(session);
        goBack();
      } else if (result instanceof Result.Refused refused) {
        end(new Resp.Failure(
            (refused.isFinal() ? "ERR " : "UNKNOWN outcome unknown: ") + refused.reason()));
      } else if (!isOver) {
        end(task().answer().apply(result));
      }
    }

    @Override
    public void refused(long ignored, String reason) {
      end(new Resp.Failure("ERR " + reason));
    }

    @Override
    public void retryLater(long ignored, String reason) {
      end(new Resp.Failure((hasBegun ? "CLUSTERDOWN" : "TRYAGAIN") + " not applied: " + reason));
    }

    private void goBack() {
      if (!isOver) {
        forget();
        back.add(slot);
        settled();
      }
    }

    private void end(Resp reply) {
      if (!isOver) {
        forget();
        answer(slot, reply);
      }
    }

    private void forget() {
      if (!isOver) {
        isOver = true;
        session.over(number);
      }
    }
  }
}
