package dev.paxoskv.server.door.redis.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Locale;

/** What a client asks: the name of a command, and its arguments. One part at least. */
public final class Request {
  /** Most bytes of its parts that an error repeats. */
  public static final int SHOWN_BYTES_MAX = 128;

  private final List<byte[]> parts;

  /** Takes the parts over. */
  public Request(List<byte[]> parts) {
    this.parts = parts;
  }

  /** In small letters. */
  public String name() {
    return text(0).toLowerCase(Locale.ROOT);
  }

  /** How many parts there are, the name included. */
  public int size() {
    return parts.size();
  }

  /** The part itself, which is not to be changed; the name is part 0. */
  public byte[] part(int i) {
    return parts.get(i);
  }

  /** All parts from {@code first} on. */
  public List<byte[]> from(int first) {
    return parts.subList(first, parts.size());
  }

  /** A part as text, a character a byte. */
  public String text(int i) {
    return new String(parts.get(i), ISO_8859_1);
  }

  /** A part as a word of the language, which has no small letters. */
  public String word(int i) {
    return text(i).toUpperCase(Locale.ROOT);
  }

  /** A part as an error repeats it: the text that it is, or of a long one the beginning. */
  public String shown(int i) {
    return shown(i, SHOWN_BYTES_MAX);
  }

  /** Of that no more than so many bytes. */
  public String shown(int i, int bytesMax) {
    byte[] part = parts.get(i);
    return new String(part, 0, Math.min(part.length, bytesMax), UTF_8);
  }

  /** What it counts for while it waits. */
  public int bytes() {
    int bytes = 0;
    for (byte[] part : parts) {
      bytes += part.length + Long.BYTES;
    }
    return bytes;
  }
}
