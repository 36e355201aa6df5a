package dev.paxoskv.server.door.redis;

import dev.paxoskv.server.door.Farewell;
import dev.paxoskv.server.door.redis.wire.Request;
import dev.paxoskv.server.door.redis.wire.RequestReader;
import dev.paxoskv.server.door.redis.wire.Resp;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client: its requests take effect in the order in which they came, and are answered in it.
 * What comes together goes on together, in runs of reads, which see one moment, and runs of writes,
 * which share a batch and so keep their order whatever becomes of it; a run begins when the one
 * before is answered. A client that is slow to read its answers is slow to be served.
 */
final class RedisConnection implements RequestReader.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(RedisConnection.class);

  /** Most requests in one run. */
  static final int RUN_MAX = 1024;

  /** Most bytes of one run of writes, unless one alone is larger. */
  static final int RUN_BYTES_MAX = 1 << 19;

  /** With so many bytes of answers that the client has not taken, no run begins. */
  static final long UNREAD_BYTES_MAX = 1 << 20;

  /** What one client may leave unread when all together leave too much. */
  private static final long FAIR_SHARE_BYTES = 4L << 20;

  /** With so much waiting, nothing more is read. */
  private static final int WAITING_MAX = 8 * RUN_MAX;

  private static final long WAITING_BYTES_MAX = 4L << 20;
  private static final int WRITTEN_AT_ONCE_BYTES = 1 << 18;

  private final RedisDoor door;
  private final Channel channel;
  private final Caller caller;

  /** All that is not answered, or whose answer is not written, in order. */
  private final ArrayDeque<Slot> line = new ArrayDeque<>();

  /** The part of the line that has not begun. */
  private final ArrayDeque<Slot> waiting = new ArrayDeque<>();

  private Optional<Run> run = Optional.empty();
  private long waitingBytes;
  private long answerBytes;
  private long unread;
  private boolean isOver;

  RedisConnection(RedisDoor door, Channel channel, Caller caller) {
    this.door = door;
    this.channel = channel;
    this.caller = caller;
  }

  boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void request(Request request) {
    if (!caller.isLeaving()) {
      Slot slot = new Slot(door.task(request, caller), request.bytes());
      line.add(slot);
      if (slot.task instanceof Task.Now now) {
        answer(slot, now.reply());
      } else {
        wait(slot);
      }
    }
  }

  @Override
  public void tooLarge(String why) {
    if (!caller.isLeaving()) {
      Task.Now task = Task.failure("ERR " + why);
      Slot slot = new Slot(task, 0);
      line.add(slot);
      answer(slot, task.reply());
    }
  }

  @Override
  public void malformed(String why) {
    tooLarge("Protocol error: " + why);
    saidAll();
  }

  /** The client sends no more; when all is answered the connection ends. */
  void saidAll() {
    caller.leave();
    paused();
  }

  @Override
  public void paused() {
    door.wake(this);
  }

  private void wait(Slot slot) {
    waiting.addLast(slot);
    waitingBytes += slot.bytes;
    door.budget().addBegun(slot.bytes);
    if (waiting.size() > WAITING_MAX || waitingBytes > WAITING_BYTES_MAX) {
      channel.config().setAutoRead(false);
    }
  }

  /** The next slot that waits leaves the queue. */
  private Slot begin() {
    Slot slot = waiting.removeFirst();
    waitingBytes -= slot.bytes;
    door.budget().addBegun(-slot.bytes);
    return slot;
  }

  void answer(Slot slot, Resp reply) {
    slot.reply = reply;
    int bytes = reply.bytes();
    answerBytes += bytes;
    door.budget().addUnread(bytes);
    long held = answerBytes + unread;
    if (held > FAIR_SHARE_BYTES && door.budget().isUnreadTooMuch()) {
      LOG.warn(
          "closed client {}: it leaves {} bytes of answers unread, the limit while all together are"
              + " over theirs is {}",
          channel.remoteAddress(),
          held,
          FAIR_SHARE_BYTES);
      channel.close();
    }
  }

  /** Everything in a run is answered; what it took back waits again, before all else. */
  void ended(List<Slot> back) {
    run = Optional.empty();
    for (int i = back.size() - 1; i >= 0; i--) {
      Slot slot = back.get(i);
      waiting.addFirst(slot);
      waitingBytes += slot.bytes;
      door.budget().addBegun(slot.bytes);
    }
    door.wake(this);
  }

  /**
   * The step is over, or the client has taken something: answers leave, and the next run begins.
   */
  void goOn() {
    if (isOver) {
      return;
    }
    write();
    while (run.isEmpty() && !waiting.isEmpty() && takesMore()) {
      Run next = waiting.getFirst().task instanceof Task.Read ? reads() : writes();
      run = Optional.of(next);
      next.begin();
      write();
    }
    boolean isHeldBack = waiting.size() > WAITING_MAX / 2 || waitingBytes > WAITING_BYTES_MAX / 2;
    channel.config().setAutoRead(!caller.isLeaving() && takesMore() && !isHeldBack);
    if (caller.isLeaving() && line.isEmpty()) {
      isOver = true;
      Farewell.to(channel);
    }
  }

  private boolean takesMore() {
    return channel.isWritable() && answerBytes + unread < UNREAD_BYTES_MAX;
  }

  private Run reads() {
    List<Slot> slots = new ArrayList<>();
    while (slots.size() < RUN_MAX
        && !waiting.isEmpty()
        && waiting.getFirst().task instanceof Task.Read) {
      slots.add(begin());
    }
    return new ReadRun(door, this, slots);
  }

  private Run writes() {
    List<Slot> slots = new ArrayList<>();
    long bytes = 0;
    while (slots.size() < RUN_MAX
        && !waiting.isEmpty()
        && waiting.getFirst().task instanceof Task.Write
        && (slots.isEmpty() || bytes + waiting.getFirst().bytes <= RUN_BYTES_MAX)) {
      Slot slot = begin();
      bytes += slot.bytes;
      slots.add(slot);
    }
    return new WriteRun(door, this, slots);
  }

  private void write() {
    boolean hasWritten = false;
    while (nextReply() != null && channel.isWritable()) {
      ByteBuf out = channel.alloc().ioBuffer();
      long bytes = 0;
      @Nullable Resp reply = nextReply();
      while (reply != null && out.readableBytes() < WRITTEN_AT_ONCE_BYTES) {
        line.removeFirst();
        reply.writeTo(out);
        bytes += reply.bytes();
        reply = nextReply();
      }
      write(out, bytes);
      hasWritten = true;
    }
    if (hasWritten) {
      channel.flush();
    }
  }

  /** What may leave next; null if that is not known yet. */
  private @Nullable Resp nextReply() {
    Slot next = line.peekFirst();
    return next == null ? null : next.reply;
  }

  private void write(ByteBuf out, long bytes) {
    answerBytes -= bytes;
    unread += bytes;
    channel.write(out).addListener(written -> {
      unread -= bytes;
      door.budget().addUnread(-bytes);
      if (!written.isSuccess()) {
        channel.close();
      }
    });
  }

  /** The connection is closed: nobody waits any more. */
  void forget() {
    run.ifPresent(Run::abandon);
    run = Optional.empty();
    door.budget().addBegun(-waitingBytes);
    door.budget().addUnread(-answerBytes);
    waitingBytes = 0;
    answerBytes = 0;
    waiting.clear();
    line.clear();
  }

  /** Part of the requests of a connection, under way together. */
  interface Run {
    void begin();

    /** Nobody waits for it any more. */
    void abandon();
  }

  /** A request, from its arrival until its answer is written. */
  static final class Slot {
    final Task task;
    final int bytes;

    /** Null until it is answered. */
    @Nullable
    Resp reply;

    Slot(Task task, int bytes) {
      this.task = task;
      this.bytes = bytes;
    }
  }
}
