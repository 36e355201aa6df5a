package dev.paxoskv.server.door.redis.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;
import java.util.Optional;

/** A reply. Values in it are shared, and never changed. */
public sealed interface Resp {
  /** Room for what stands around a value. */
  int AROUND_BYTES = 32;

  /** Bytes that it takes, or a few more. */
  int bytes();

  void writeTo(ByteBuf out);

  /** A word of the language, as OK. */
  record Simple(String text) implements Resp {
    @Override
    public int bytes() {
      return text.length() + AROUND_BYTES;
    }

    @Override
    public void writeTo(ByteBuf out) {
      line(out, '+', text);
    }
  }

  /** Something did not go as asked; its first word says what kind of thing that is. */
  record Failure(String text) implements Resp {
    @Override
    public int bytes() {
      return text.length() + AROUND_BYTES;
    }

    @Override
    public void writeTo(ByteBuf out) {
      line(out, '-', text.replaceAll("\\s", " "));
    }
  }

  record Int(long number) implements Resp {
    @Override
    public int bytes() {
      return AROUND_BYTES;
    }

    @Override
    public void writeTo(ByteBuf out) {
      line(out, ':', Long.toString(number));
    }
  }

  /** A value, or that there is none. */
  record Bulk(Optional<byte[]> value) implements Resp {
    public static final Bulk NONE = new Bulk(Optional.empty());

    public static Bulk of(byte[] value) {
      return new Bulk(Optional.of(value));
    }

    public static Bulk of(String text) {
      return of(text.getBytes(UTF_8));
    }

    @Override
    public int bytes() {
      return AROUND_BYTES + value.map(known -> known.length).orElse(0);
    }

    @Override
    public void writeTo(ByteBuf out) {
      line(out, '$', Integer.toString(value.map(known -> known.length).orElse(-1)));
      if (value.isPresent()) {
        out.writeBytes(value.get()).writeByte('\r').writeByte('\n');
      }
    }
  }

  record Many(List<? extends Resp> replies) implements Resp {
    @Override
    public int bytes() {
      return AROUND_BYTES + replies.stream().mapToInt(Resp::bytes).sum();
    }

    @Override
    public void writeTo(ByteBuf out) {
      line(out, '*', Integer.toString(replies.size()));
      replies.forEach(reply -> reply.writeTo(out));
    }
  }

  private static void line(ByteBuf out, char kind, String text) {
    out.writeByte(kind);
    ByteBufUtil.writeUtf8(out, text);
    out.writeByte('\r').writeByte('\n');
  }
}
