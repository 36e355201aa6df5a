package dev.paxoskv.server.table;

/** A key and the value that it has now. Arrays are shared, and never changed. */
public final class Entry {
  private final byte[] key;
  final int hash;
  private byte[] value;

  /** Checksum of the value. */
  int checksum;

  /** The last walk that has, or must not have, this entry as it is. */
  int walk;

  Entry(byte[] key, int hash, byte[] value) {
    this.key = key;
    this.hash = hash;
    this.value = value;
  }

  /** The shared array itself; not to be changed. */
  public byte[] key() {
    return key;
  }

  /** The shared array itself; not to be changed. */
  public byte[] value() {
    return value;
  }

  void value(byte[] next) {
    value = next;
  }
}
