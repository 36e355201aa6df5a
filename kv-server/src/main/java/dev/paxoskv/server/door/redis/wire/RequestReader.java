package dev.paxoskv.server.door.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.proto.kv.Limit;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.redis.ArrayHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringHeaderRedisMessage;
import io.netty.handler.codec.redis.BulkStringRedisContent;
import io.netty.handler.codec.redis.FullBulkStringRedisMessage;
import io.netty.handler.codec.redis.InlineCommandRedisMessage;
import io.netty.handler.codec.redis.LastBulkStringRedisContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts requests together from what Netty's decoder finds, and keeps them within limits: memory is
 * taken as bytes come, never for what a client says will come. A request that is too large is read
 * to its end and told of; one that is absurdly large, or none at all, is the end of the connection.
 */
public final class RequestReader extends ChannelInboundHandlerAdapter {
  /** Most parts of one request: the name, and a key and a value for each write. */
  static final int PARTS_MAX = 1 + 2 * Limit.WRITES_MAX_VALUE;

  /** Most bytes of the parts of one request. */
  static final long BYTES_MAX = Limit.COMMAND_BYTES_MAX_VALUE;

  /** A request larger than this is not even read to its end. */
  static final long SKIPPED_BYTES_MAX = 16L << 20;

  private static final int FIRST_BYTES = 1 << 14;
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

  private List<byte[]> parts = new ArrayList<>();
  private long partsLeft;
  private byte[] part = NOTHING;
  private int partLength;
  private int filled;
  private long bytes;
  private boolean isOver;

  public RequestReader(Listener listener, Runnable whole) {
    this.listener = listener;
    this.whole = whole;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (!isOver) {
        take(message);
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
    // The decoder's own words; what Netty wraps round them names a class first.
    Throwable why =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    fail(String.valueOf(why.getMessage()));
  }

  private void take(Object message) {
    if (partsLeft == 0) {
      begin(message);
    } else if (message instanceof FullBulkStringRedisMessage full) {
      // Of the decoder these are the empty and the missing one.
      if (full.isNull()) {
        fail("invalid bulk length");
      } else {
        beginPart(0);
        endPart();
      }
    } else if (message instanceof BulkStringHeaderRedisMessage head) {
      beginPart(head.bulkStringLength());
    } else if (message instanceof BulkStringRedisContent content) {
      add(content.content());
      if (content instanceof LastBulkStringRedisContent) {
        endPart();
      }
    } else {
      fail("expected '$'");
    }
  }

  private void begin(Object message) {
    if (message instanceof ArrayHeaderRedisMessage head) {
      partsLeft = Math.max(0, head.length());
      if (partsLeft > PARTS_MAX) {
        fail("invalid multibulk length, the limit is " + PARTS_MAX);
      } else if (partsLeft == 0) {
        whole.run();
      }
    } else if (message instanceof InlineCommandRedisMessage line) {
      String text = line.content().strip();
      whole.run();
      if (!text.isEmpty()) {
        List<byte[]> words = new ArrayList<>();
        for (String word : text.split("\\s+", -1)) {
          words.add(word.getBytes(UTF_8));
        }
        take(words, text);
      }
    } else {
      fail("expected '*'");
    }
  }

  /**
   * A web page can have a browser send what it likes to this port, behind a head of HTTP: so the
   * connection ends at the head, as with Redis.
   */
  private void take(List<byte[]> words, String line) {
    String first = line.split("\\s", 2)[0];
    if (first.equalsIgnoreCase("POST") || first.equalsIgnoreCase("Host:")) {
      fail("this is HTTP, which is not spoken here");
    } else {
      listener.request(new Request(words));
    }
  }

  private void beginPart(int length) {
    bytes += length;
    if (bytes > SKIPPED_BYTES_MAX) {
      fail("a request of more than " + SKIPPED_BYTES_MAX + " bytes");
      return;
    }
    partLength = length;
    filled = 0;
    part = bytes > BYTES_MAX ? NOTHING : new byte[Math.min(length, FIRST_BYTES)];
  }

  private void add(ByteBuf content) {
    if (bytes > BYTES_MAX) {
      parts.clear();
      return;
    }
    int more = content.readableBytes();
    if (filled + more > part.length) {
      part = Arrays.copyOf(part, Math.min(partLength, Math.max(filled + more, 2 * part.length)));
    }
    content.readBytes(part, filled, more);
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
