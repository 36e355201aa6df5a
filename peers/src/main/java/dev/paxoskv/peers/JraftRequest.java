package dev.paxoskv.peers;

import java.io.Serializable;

/** A put or a get, as its RPC wants it. */
final class JraftRequest implements Serializable {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial")
  private final byte[] key;

  private final byte[] value;
  private final boolean isPut;

  private JraftRequest(byte[] key, byte[] value, boolean isPut) {
    this.key = key;
    this.value = value;
    this.isPut = isPut;
  }

  static JraftRequest put(byte[] key, byte[] value) {
    return new JraftRequest(key, value, true);
  }

  static JraftRequest get(byte[] key) {
    return new JraftRequest(key, new byte[0], false);
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  boolean isPut() {
    return isPut;
  }
}
