package dev.paxoskv.client.data;

/** One key and its value. The arrays are the receiver's own. */
public final class Entry {
  private final byte[] key;
  private final byte[] value;

  /** Takes the arrays over. */
  public Entry(byte[] key, byte[] value) {
    this.key = key;
    this.value = value;
  }

  public byte[] key() {
    return key;
  }

  public byte[] value() {
    return value;
  }
}
