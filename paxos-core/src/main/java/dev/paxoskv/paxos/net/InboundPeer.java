package dev.paxoskv.paxos.net;

import dev.paxoskv.paxos.net.wire.Frames;
import dev.paxoskv.paxos.net.wire.MalformedFrameException;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.proto.peer.PeerFrame;
import dev.paxoskv.proto.peer.Refusal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that another peer dialled: its greeting is judged, then its requests come in and our
 * answers go back.
 */
final class InboundPeer extends SimpleChannelInboundHandler<PeerFrame>
    implements Effect.Connection {
  private static final Logger LOG = LoggerFactory.getLogger(InboundPeer.class);

  private final LinkContext context;
  private final Channel channel;
  private int from = -1;
  private boolean isRefused;

  InboundPeer(LinkContext context, Channel channel) {
    this.context = context;
    this.channel = channel;
  }

  /** Makes {@code channel}, whose preamble said peer, a peer's connection. */
  static void install(LinkContext context, Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    Frames.install(pipeline, PeerFrame.getDefaultInstance(), Frames.HELLO_FRAME_BYTES_MAX);
    InboundPeer handler = new InboundPeer(context, channel);
    pipeline.addLast(handler);
    Future<?> limit = channel
        .eventLoop()
        .schedule(handler::giveUpGreeting, LinkContext.GREETING_SECONDS, TimeUnit.SECONDS);
    channel.closeFuture().addListener(closed -> limit.cancel(false));
  }

  /**
   * Writes without flushing. An answer that finds the connection stuck is dropped: its asker asks
   * again.
   */
  void reply(Envelope envelope) {
    if (channel.isWritable()) {
      channel.write(context.codec().encode(envelope), channel.voidPromise());
    }
  }

  void flush() {
    channel.flush();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, PeerFrame frame) {
    if (isRefused) {
      return;
    }
    if (from < 0) {
      greet(ctx, frame);
      return;
    }
    Envelope envelope = context.codec().decode(frame);
    if (!(envelope.message() instanceof Message.Request)) {
      throw new MalformedFrameException("an answer where a request was due");
    }
    context.heard(from);
    context.inputs().request(from, this, envelope);
  }

  private void greet(ChannelHandlerContext ctx, PeerFrame frame) {
    Optional<Refusal> problem = frame.hasHello()
        ? context.group().refuse(frame.getHello())
        : Optional.of(
            Refusal.newBuilder().setReason("the first frame was no hello").build());
    if (problem.isPresent()) {
      refuse(ctx, problem.get());
      return;
    }
    from = frame.getHello().getFrom();
    context.greeted(from, frame.getHello().getLife(), channel);
    Frames.limit(ctx.pipeline(), Frames.PEER_FRAME_BYTES_MAX);
    ctx.writeAndFlush(
        PeerFrame.newBuilder().setWelcome(context.group().welcome()).build());
    context.group().hearOf(frame.getHello().getMetList()).ifPresent(context.inputs()::mustStop);
  }

  private void refuse(ChannelHandlerContext ctx, Refusal refusal) {
    isRefused = true;
    // Whoever is refused comes again and again; it is news once.
    if (context.isNews(refusal.getReason())) {
      String reason = LinkContext.printable(refusal.getReason());
      LOG.warn("refused {}: {}", ctx.channel().remoteAddress(), reason);
    }
    ctx.writeAndFlush(PeerFrame.newBuilder().setRefusal(refusal).build())
        .addListener(ChannelFutureListener.CLOSE);
  }

  private void giveUpGreeting() {
    if (from < 0 && channel.isActive()) {
      LOG.warn(
          "closed {}: no greeting within {} s",
          channel.remoteAddress(),
          LinkContext.GREETING_SECONDS);
      channel.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // What is left of the bytes may be malformed once more as the connection closes.
    if (ctx.channel().isActive()) {
      String who = from < 0 ? "" : " of peer " + from;
      LOG.warn("closed {}{}: {}", ctx.channel().remoteAddress(), who, Frames.faultOf(cause));
      ctx.close();
    }
  }
}
