package dev.paxoskv.server.door;

import dev.paxoskv.proto.kv.BackupPiece;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.server.backup.Backups;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.service.ReplyTo;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayDeque;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: gathers the replies of a step into as few frames as may be, written with
 * one flush.
 */
final class ClientConnection implements ReplyTo, Backups.Asker {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

  /** A client that leaves more than this unread is cut off, in bytes. */
  static final long UNREAD_BYTES_MAX = 64L << 20;

  /** Room for a frame's own bytes and its last, possibly longest, reply. */
  private static final int FRAME_BYTES_AIM = Limit.FRAME_BYTES_MAX_VALUE / 2;

  /** What one client may leave unread when all together leave too much. */
  static final long FAIR_SHARE_BYTES = 4L << 20;

  /** Encoded and not taken by the client; from there on replies wait as they are. */
  private static final WriteBufferWaterMark ENCODED_BYTES =
      new WriteBufferWaterMark(1 << 20, 4 << 20);

  private final Channel channel;
  private final Budget budget;
  private final Set<ClientConnection> answered;
  private final ArrayDeque<Reply> waiting = new ArrayDeque<>();
  private final AppliedReplies applied = new AppliedReplies();
  private long waitingBytes;
  private long unread;

  /**
   * Makes the connection behind {@code channel}.
   *
   * @param budget of all connections
   * @param answered where it enters itself when it has something to flush
   */
  ClientConnection(Channel channel, Budget budget, Set<ClientConnection> answered) {
    this.channel = channel;
    this.budget = budget;
    this.answered = answered;
    channel.config().setWriteBufferWaterMark(ENCODED_BYTES);
  }

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void completed(long number, Result result) {
    if (result instanceof Result.Applied && !applied.isFull()) {
      if (hasRoom(AppliedReplies.REPLY_BYTES_MAX)) {
        count(applied.add(number));
      }
      return;
    }
    add(Replies.of(number, result));
  }

  @Override
  public void refused(long number, String reason) {
    add(Replies.refused(number, reason));
  }

  @Override
  public void retryLater(long number, String reason) {
    add(Replies.retryLater(number, reason));
  }

  /** What is no reply to a command. */
  void tell(ServerFrame frame) {
    channel.write(frame);
    answered.add(this);
  }

  @Override
  public void tell(BackupPiece piece) {
    if (channel.isActive()) {
      tell(ServerFrame.newBuilder().setBackup(piece).build());
    }
  }

  /** Tells a client that speaks wrongly why it is cut off. */
  void refuse(String reason) {
    channel
        .writeAndFlush(ServerFrame.newBuilder().setRefusal(reason).build())
        .addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * The step is over: what was gathered leaves, as far as the client takes it. The rest stays as it
   * is, not encoded, until a later step.
   */
  void flush() {
    while (isWaiting() && channel.isWritable()) {
      writeFrame();
    }
    channel.flush();
  }

  /** The client may have read enough for what waits to leave. */
  void takesMore() {
    if (isWaiting() && channel.isWritable()) {
      answered.add(this);
    }
  }

  /** The connection is closed: nobody waits any more. */
  void forget() {
    answered.remove(this);
    waiting.clear();
    applied.clear();
    budget.addUnread(-waitingBytes);
    waitingBytes = 0;
  }

  private boolean isWaiting() {
    return !waiting.isEmpty() || !applied.isEmpty();
  }

  private void add(Reply reply) {
    int bytes = reply.getSerializedSize();
    if (hasRoom(bytes)) {
      waiting.add(reply);
      count(bytes);
    }
  }

  private void count(int bytes) {
    waitingBytes += bytes;
    budget.addUnread(bytes);
    answered.add(this);
  }

  /** Whether the client may be given so much more; one that leaves too much unread is cut off. */
  private boolean hasRoom(int bytes) {
    if (!channel.isActive()) {
      return false;
    }
    long held = waitingBytes + unread + bytes;
    if (held > UNREAD_BYTES_MAX || (held > FAIR_SHARE_BYTES && budget.isUnreadTooMuch())) {
      LOG.warn(
          "closed client {}: it leaves {} bytes of answers unread; the limits are {}, and {} while"
              + " all together are over {}",
          channel.remoteAddress(),
          held,
          UNREAD_BYTES_MAX,
          FAIR_SHARE_BYTES,
          Budget.UNREAD_BYTES_MAX);
      channel.close();
      return false;
    }
    return true;
  }

  private void writeFrame() {
    ServerFrame.Builder frame = ServerFrame.newBuilder();
    int bytes = 0;
    while (!waiting.isEmpty() && bytes < FRAME_BYTES_AIM) {
      Reply next = waiting.removeFirst();
      frame.addReplies(next);
      bytes += next.getSerializedSize();
    }
    if (applied.isEmpty()) {
      write(frame.build(), bytes);
    } else {
      int all = bytes + applied.size();
      // Two frames one behind the other are one frame, too.
      write(applied.take(channel.alloc(), frame.build().toByteArray()), all);
    }
  }

  private void write(Object frame, int bytes) {
    waitingBytes -= bytes;
    unread += bytes;
    channel.write(frame).addListener(written -> {
      unread -= bytes;
      budget.addUnread(-bytes);
      if (!written.isSuccess()) {
        channel.close();
      }
    });
  }
}
