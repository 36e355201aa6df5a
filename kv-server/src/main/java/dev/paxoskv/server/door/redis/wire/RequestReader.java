package dev.paxoskv.server.door.redis.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.paxoskv.proto.kv.Limit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts requests together from bytes, and keeps them within limits: memory is taken as bytes come,
 * never for what a client says will come. A request that is too large is read to its end and told
 * of; one that is absurdly large, or none at all, is the end of the connection.
 */
public final class RequestReader extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RequestReader.class);

  /** Most parts of one request: the name, and a key and a value for each write. */
  static final int PARTS_MAX = 1 + 2 * Limit.WRITES_MAX_VALUE;

  /** Most bytes of the parts of one request. */
  static final long BYTES_MAX = Limit.COMMAND_BYTES_MAX_VALUE;

  /** A request larger than this is not even read to its end. */
  static final long SKIPPED_BYTES_MAX = 16L << 20;

  private static final int FIRST_BYTES = 1 << 14;
  private static final int END_BYTES = 2;
  private static final byte[] NOTHING = {};

  /** Hears of requests, in order. */
  public interface Listener {
    void request(Request request);

    /** A request had so many bytes, or parts, that it was not kept. */
    void tooLarge(String why);

    /** What comes is no request, or too much of one; nothing more is read. */
    void malformed(String why);

    /** No more is there at the moment. */
    void paused();
  }

  private final Listener listener;

  /** Tells that a request was whole. */
  private final Runnable whole;

  private final Line line = new Line();
  private List<byte[]> parts = new ArrayList<>();
  private long partsLeft;
  private byte[] part = NOTHING;

  /** Of the part that has begun, its end CR LF included; 0 between parts. */
  private int partLeft;

  private int filled;
  private long bytes;
  private boolean isOver;

  public RequestReader(Listener listener, Runnable whole) {
    this.listener = listener;
    this.whole = whole;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (!isOver && in.isReadable()) {
        if (partLeft > 0) {
          add(in);
        } else if (line.takes(in)) {
          take();
          line.clear();
        } else if (line.isTooLong()) {
          fail("a line of more than " + Line.BYTES_MAX + " bytes");
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    listener.paused();
    ctx.fireChannelReadComplete();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("client {} is gone: {}", ctx.channel().remoteAddress(), cause.getMessage());
    } else {
      LOG.error("closed client {}", ctx.channel().remoteAddress(), cause);
    }
    ctx.close();
  }

  private void take() {
    if (partsLeft > 0) {
      beginPart();
    } else if (line.first() == '*') {
      begin();
    } else {
      takeWords();
    }
  }

  private void begin() {
    OptionalLong count = line.number();
    if (count.isEmpty()) {
      fail("invalid multibulk length");
    } else if (count.getAsLong() > PARTS_MAX) {
      fail("invalid multibulk length, the limit is " + PARTS_MAX);
    } else {
      partsLeft = Math.max(0, count.getAsLong());
    }
    if (partsLeft == 0) {
      whole.run();
    }
  }

  /**
   * A web page can have a browser send what it likes to this port, behind a head of HTTP: so the
   * connection ends at the head, as with Redis.
   */
  private void takeWords() {
    Optional<List<byte[]>> words = Words.of(line.text());
    whole.run();
    if (words.isEmpty()) {
      fail("unbalanced quotes in request");
    } else if (!words.get().isEmpty()) {
      String first = new String(words.get().get(0), ISO_8859_1);
      if (first.equalsIgnoreCase("POST") || first.equalsIgnoreCase("Host:")) {
        fail("this is HTTP, which is not spoken here");
      } else {
        listener.request(new Request(words.get()));
      }
    }
  }

  private void beginPart() {
    OptionalLong given = line.number();
    if (line.first() != '$') {
      char found = line.first() > ' ' ? (char) line.first() : ' ';
      fail("expected '$', got '" + found + "'");
    } else if (given.isEmpty() || given.getAsLong() < 0) {
      fail("invalid bulk length");
    } else if (given.getAsLong() > SKIPPED_BYTES_MAX - bytes) {
      fail("a request of more than " + SKIPPED_BYTES_MAX + " bytes");
    } else {
      int length = (int) given.getAsLong();
      bytes += length;
      filled = 0;
      partLeft = length + END_BYTES;
      part = bytes > BYTES_MAX ? NOTHING : new byte[Math.min(length, FIRST_BYTES)];
    }
  }

  private void add(ByteBuf in) {
    int more = Math.min(partLeft - END_BYTES, in.readableBytes());
    if (more <= 0) {
      takeEnd(in.readByte());
      return;
    }
    if (bytes > BYTES_MAX) {
      parts.clear();
      in.skipBytes(more);
    } else {
      fill(in, more);
    }
    partLeft -= more;
  }

  private void takeEnd(byte one) {
    if (one != (partLeft == END_BYTES ? '\r' : '\n')) {
      fail("expected CR LF behind a part");
      return;
    }
    partLeft--;
    if (partLeft == 0) {
      endPart();
    }
  }

  private void fill(ByteBuf in, int more) {
    if (filled + more > part.length) {
      int all = filled + partLeft - END_BYTES;
      part = Arrays.copyOf(part, Math.min(all, Math.max(filled + more, 2 * part.length)));
    }
    in.readBytes(part, filled, more);
    filled += more;
  }

  private void endPart() {
    if (bytes <= BYTES_MAX) {
      parts.add(part);
    }
    part = NOTHING;
    partsLeft--;
    if (partsLeft > 0) {
      return;
    }
    long all = bytes;
    List<byte[]> request = parts;
    parts = new ArrayList<>(request.size());
    bytes = 0;
    whole.run();
    if (all > BYTES_MAX) {
      listener.tooLarge("a request of " + all + " bytes is over the limit of " + BYTES_MAX);
    } else {
      listener.request(new Request(request));
    }
  }

  private void fail(String why) {
    if (!isOver) {
      isOver = true;
      parts.clear();
      listener.malformed(why);
    }
  }
}
