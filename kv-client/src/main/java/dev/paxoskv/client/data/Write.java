package dev.paxoskv.client.data;

import java.util.Optional;

/** One of several writes that take effect together. */
public final class Write {
  private final byte[] key;
  private final Optional<byte[]> value;

  private Write(byte[] key, Optional<byte[]> value) {
    this.key = key;
    this.value = value;
  }

  /** Sets the key to the value. */
  public static Write put(byte[] key, byte[] value) {
    return new Write(key, Optional.of(value));
  }

  /** Takes the key's value away, if it has one. */
  public static Write delete(byte[] key) {
    return new Write(key, Optional.empty());
  }

  public byte[] key() {
    return key;
  }

  /** Empty if the key is to be deleted. */
  public Optional<byte[]> value() {
    return value;
  }
}
