package dev.paxoskv.server.door;

import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.proto.kv.Applied;
import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.NotFound;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.service.ReplyTo;
import io.netty.channel.Channel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: gathers the replies of a step into as few frames as may be, written with
 * one flush.
 */
final class ClientConnection implements ReplyTo {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

  /** A client that leaves more than this unread is cut off, in bytes. */
  static final long UNREAD_BYTES_MAX = 64L << 20;

  /** Room for a frame's own bytes and its last, possibly longest, reply. */
  private static final int FRAME_BYTES_AIM = Limit.FRAME_BYTES_MAX_VALUE / 2;

  private final Channel channel;
  private ServerFrame.Builder frame = ServerFrame.newBuilder();
  private long frameBytes;
  private long unread;

  ClientConnection(Channel channel) {
    this.channel = channel;
  }

  @Override
  public boolean isOpen() {
    return channel.isActive();
  }

  @Override
  public void completed(long number, Result result) {
    Reply.Builder reply = Reply.newBuilder().setNumber(number);
    if (result instanceof Result.Applied) {
      reply.setApplied(Applied.getDefaultInstance());
    } else if (result instanceof Result.Refused refused) {
      reply.getRefusedBuilder().setReason(refused.reason());
    } else if (result instanceof Result.Found found && found.value().isPresent()) {
      reply
          .getFoundBuilder()
          .setValue(UnsafeByteOperations.unsafeWrap(found.value().get()));
    } else {
      reply.setNotFound(NotFound.getDefaultInstance());
    }
    add(reply.build());
  }

  @Override
  public void retryLater(long number, String reason) {
    Reply.Builder reply = Reply.newBuilder().setNumber(number);
    reply.getRetryLaterBuilder().setReason(reason);
    add(reply.build());
  }

  void status(ServerStatus status) {
    write(ServerFrame.newBuilder().setStatus(status).build());
  }

  /** The step is over: what was gathered leaves. */
  void flush() {
    if (frameBytes > 0) {
      writeFrame();
    }
    channel.flush();
  }

  private void add(Reply reply) {
    if (!channel.isActive()) {
      return;
    }
    int bytes = reply.getSerializedSize();
    if (unread + frameBytes + bytes > UNREAD_BYTES_MAX) {
      LOG.warn(
          "closed {}: it leaves more than {} bytes of answers unread",
          channel.remoteAddress(),
          UNREAD_BYTES_MAX);
      channel.close();
      return;
    }
    frame.addReplies(reply);
    frameBytes += bytes;
    if (frameBytes >= FRAME_BYTES_AIM) {
      writeFrame();
    }
  }

  private void writeFrame() {
    ServerFrame full = frame.build();
    frame = ServerFrame.newBuilder();
    frameBytes = 0;
    write(full);
  }

  private void write(ServerFrame full) {
    int bytes = full.getSerializedSize();
    unread += bytes;
    channel.write(full).addListener(written -> unread -= bytes);
  }
}
