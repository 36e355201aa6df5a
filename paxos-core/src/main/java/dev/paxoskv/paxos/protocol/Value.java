package dev.paxoskv.paxos.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The bytes that one instance decides. Compared by content. The array is shared, never copied:
 * whoever makes a value gives the array away, and whoever reads one must not change it.
 */
public final class Value {
  private final byte[] bytes;

  private Value(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes ownership of {@code bytes}. */
  public static Value of(byte[] bytes) {
    return new Value(bytes);
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Value of(String text) {
    return new Value(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The shared array itself; not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Size in bytes. */
  public int size() {
    return bytes.length;
  }

  /** Tells two values apart that were not made to be mistaken for each other: length and CRC32C. */
  public long checksum() {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return ((long) bytes.length << 32) | crc.getValue();
  }

  @Override
  public boolean equals(Object other) {
    return other == this || (other instanceof Value that && Arrays.equals(bytes, that.bytes));
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /**
   * The text itself when it is short and printable, else the size: for traces and test failures.
   */
  @Override
  public String toString() {
    String text = new String(bytes, StandardCharsets.UTF_8);
    boolean isPrintable = text.chars().allMatch(c -> c >= ' ' && c < 127);
    return isPrintable && bytes.length <= 32 ? text : bytes.length + " bytes";
  }
}
