package dev.paxoskv.server.door.redis;

import dev.paxoskv.proto.kv.Command.OperationCase;
import dev.paxoskv.server.door.redis.RedisConnection.Slot;
import dev.paxoskv.server.door.redis.wire.Resp;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.service.Query;
import dev.paxoskv.server.service.ReplyTo;
import java.util.List;

/** Reads that came one behind the other, all of which see the same moment. */
final class ReadRun implements RedisConnection.Run, ReplyTo {
  /** When there are more bytes of answers, the reads that are left wait for another moment. */
  private static final long ANSWERS_BYTES_AIM = 4L << 20;

  private final RedisDoor door;
  private final RedisConnection connection;
  private final List<Slot> slots;
  private int answered;
  private boolean hasBegun;
  private boolean isOver;

  ReadRun(RedisDoor door, RedisConnection connection, List<Slot> slots) {
    this.door = door;
    this.connection = connection;
    this.slots = slots;
  }

  @Override
  public void begin() {
    int bytes = slots.stream().mapToInt(slot -> slot.bytes).sum();
    door.read(new Query(OperationCase.GET, bytes, this::look), this);
    hasBegun = true;
  }

  private Result look(KvStateMachine state) {
    long bytes = 0;
    while (!isOver && answered < slots.size() && bytes < ANSWERS_BYTES_AIM) {
      Slot slot = slots.get(answered);
      answered++;
      Resp reply = ((Task.Read) slot.task).look().apply(state);
      bytes += reply.bytes();
      connection.answer(slot, reply);
    }
    return Result.APPLIED;
  }

  /** Answers would count as unread for ever now. */
  @Override
  public void abandon() {
    isOver = true;
  }

  @Override
  public boolean isOpen() {
    return !isOver && connection.isOpen();
  }

  @Override
  public void completed(long number, Result result) {
    end();
  }

  @Override
  public void refused(long number, String reason) {
    fail("ERR " + reason);
  }

  @Override
  public void retryLater(long number, String reason) {
    fail((hasBegun ? "CLUSTERDOWN not applied: " : "TRYAGAIN not applied: ") + reason);
  }

  private void fail(String why) {
    if (isOver) {
      return;
    }
    for (Slot slot : slots) {
      connection.answer(slot, new Resp.Failure(why));
    }
    answered = slots.size();
    end();
  }

  private void end() {
    if (!isOver) {
      isOver = true;
      connection.ended(slots.subList(answered, slots.size()));
    }
  }
}
