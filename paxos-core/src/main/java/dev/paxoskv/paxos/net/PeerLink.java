package dev.paxoskv.paxos.net;

import dev.paxoskv.paxos.net.wire.Frames;
import dev.paxoskv.paxos.net.wire.MalformedFrameException;
import dev.paxoskv.paxos.net.wire.Preamble;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.proto.peer.PeerFrame;
import dev.paxoskv.proto.peer.Refusal;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our own connection to one other peer: dialled when there is something to say, closed and dialled
 * again when it breaks, with a jittered back-off during which every send fails at once. Requests go
 * out here, and their answers come back here. What waits is bounded in bytes; beyond that a request
 * fails, and its proposer tries again later.
 */
final class PeerLink {
  private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);

  private enum State {
    IDLE,
    DIALLING,
    GREETED
  }

  private record Waiting(Envelope envelope, PeerFrame frame) {}

  private final int peer;
  private final LinkContext context;
  private final Address address;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private State state = State.IDLE;
  private Optional<Channel> channel = Optional.empty();
  private long waitingBytes;
  private int failures;
  private long dialAgainNanos = System.nanoTime();
  private Optional<String> refusal = Optional.empty();
  private boolean isClosed;

  PeerLink(int peer, Address address, LinkContext context) {
    this.peer = peer;
    this.address = address;
    this.context = context;
  }

  void send(Envelope envelope) {
    if (isClosed || (state == State.IDLE && System.nanoTime() - dialAgainNanos < 0)) {
      context.inputs().sendFailed(peer, envelope);
      return;
    }
    PeerFrame frame = context.codec().encode(envelope);
    if (state == State.GREETED) {
      write(envelope, frame);
      return;
    }
    if (waitingBytes + frame.getSerializedSize() > LinkContext.QUEUE_BYTES_MAX) {
      context.inputs().sendFailed(peer, envelope);
      return;
    }
    waiting.add(new Waiting(envelope, frame));
    waitingBytes += frame.getSerializedSize();
    if (state == State.IDLE) {
      dial();
    }
  }

  void flush() {
    channel.ifPresent(Channel::flush);
  }

  /** Size of what the other side has not taken, in bytes. */
  long queuedBytes() {
    ChannelOutboundBuffer unsent =
        channel.map(open -> open.unsafe().outboundBuffer()).orElse(null);
    return waitingBytes + (unsent == null ? 0 : unsent.totalPendingWriteBytes());
  }

  /** Why the other side does not let us in, if it said so at the last try. */
  Optional<String> refusal() {
    return refusal;
  }

  void close() {
    isClosed = true;
    if (channel.isPresent()) {
      channel.get().close();
    }
  }

  private void write(Envelope envelope, PeerFrame frame) {
    Channel open = channel.orElseThrow();
    if (!open.isWritable()) {
      context.inputs().sendFailed(peer, envelope);
      return;
    }
    open.write(frame).addListener(written -> {
      if (!written.isSuccess()) {
        context.inputs().sendFailed(peer, envelope);
      }
    });
  }

  private void dial() {
    state = State.DIALLING;
    if (address.isLiteral()) {
      connect(address.resolve());
    } else {
      context.lookUp(address, this::connect);
    }
  }

  private void connect(InetSocketAddress target) {
    if (isClosed) {
      return;
    }
    if (target.isUnresolved()) {
      // Netty would look the name up once more, and on this thread.
      lost("has a name that nobody knows: " + address);
      return;
    }
    Bootstrap bootstrap = context.bootstrap().handler(new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel ch) {
        ch.pipeline().addLast(Preamble.opener(Preamble.Kind.PEER));
        Frames.install(ch.pipeline(), PeerFrame.getDefaultInstance(), Frames.PEER_FRAME_BYTES_MAX);
        ch.pipeline().addLast(new Handler());
      }
    });
    ChannelFuture connecting = bootstrap.connect(target);
    channel = Optional.of(connecting.channel());
    connecting.addListener(done -> {
      if (!done.isSuccess()) {
        lost("cannot be reached at " + address + ": " + reason(done.cause()));
      }
    });
  }

  /** What the transport says of the most common case names its own functions. */
  static String reason(Throwable cause) {
    String text = String.valueOf(cause.getMessage());
    return text.contains("Connection refused") ? "nothing listens there" : text;
  }

  private void greeted() {
    state = State.GREETED;
    failures = 0;
    refusal = Optional.empty();
    LOG.info("peer {} connected at {}", peer, address);
    while (!waiting.isEmpty()) {
      Waiting next = waiting.removeFirst();
      write(next.envelope(), next.frame());
    }
    waitingBytes = 0;
    flush();
  }

  private void lost(String why) {
    if (failures == 0 && !isClosed) {
      LOG.warn("peer {} {}", peer, why);
    }
    long backOffMillis = Math.min(1000, 50L << Math.min(failures, 10));
    long jittered = backOffMillis / 2 + ThreadLocalRandom.current().nextLong(backOffMillis / 2 + 1);
    dialAgainNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(jittered);
    failures++;
    state = State.IDLE;
    channel = Optional.empty();
    waitingBytes = 0;
    // Copied first: a failure may make the proposer send again, which must not meet a half-emptied
    // queue.
    ArrayDeque<Waiting> failed = new ArrayDeque<>(waiting);
    waiting.clear();
    failed.forEach(w -> context.inputs().sendFailed(peer, w.envelope()));
  }

  private final class Handler extends SimpleChannelInboundHandler<PeerFrame> {
    private String why = "closed the connection";

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      ctx.writeAndFlush(
          PeerFrame.newBuilder().setHello(context.group().helloTo(peer)).build());
      ctx.executor()
          .schedule(() -> giveUpGreeting(ctx), LinkContext.GREETING_SECONDS, TimeUnit.SECONDS);
    }

    private void giveUpGreeting(ChannelHandlerContext ctx) {
      boolean isStillWaiting =
          state == State.DIALLING && channel.isPresent() && channel.get() == ctx.channel();
      if (isStillWaiting) {
        why = "did not answer the greeting";
        ctx.close();
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, PeerFrame frame) {
      if (state == State.GREETED) {
        Envelope envelope = context.codec().decode(frame);
        if (!(envelope.message() instanceof Message.Answer)) {
          throw new MalformedFrameException("a request where an answer was due");
        }
        context.heard(peer);
        context.inputs().answer(peer, envelope);
        return;
      }
      answered(ctx, frame);
    }

    private void answered(ChannelHandlerContext ctx, PeerFrame frame) {
      if (frame.hasRefusal()) {
        close(ctx, "refuses us: " + LinkContext.printable(frame.getRefusal().getReason()));
        if (frame.getRefusal().getRestarted()) {
          context.inputs().mustStop(LinkContext.printable(frame.getRefusal().getReason()));
        }
        return;
      }
      Optional<Refusal> problem = frame.hasWelcome()
          ? context.group().refuse(peer, frame.getWelcome())
          : Optional.of(Refusal.newBuilder().setReason("it sent no welcome").build());
      if (problem.isPresent()) {
        close(ctx, "is refused: " + problem.get().getReason());
        return;
      }
      context.welcomed(peer, frame.getWelcome().getLife(), ctx.channel());
      greeted();
      context.group().hearOf(frame.getWelcome().getMetList()).ifPresent(context.inputs()::mustStop);
    }

    private void close(ChannelHandlerContext ctx, String reason) {
      refusal = Optional.of("peer " + peer + " " + reason);
      why = reason;
      ctx.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      lost(why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      why = "connection failed: " + Frames.faultOf(cause);
      ctx.close();
    }
  }
}
