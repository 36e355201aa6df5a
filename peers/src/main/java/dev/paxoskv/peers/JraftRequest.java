package dev.paxoskv.peers;

import java.io.Serializable;

/** A put or a get, as its RPC wants it. */
final class JraftRequest implements Serializable {
  private static final long serialVersionUID = 1L;

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

  /** What came of a request. */
  static final class Reply implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String error;
    private final byte[] value;

    private Reply(String error, byte[] value) {
      this.error = error;
      this.value = value;
    }

    static Reply done(byte[] value) {
      return new Reply("", value);
    }

    static Reply failed(String error) {
      return new Reply(error, new byte[0]);
    }

    String error() {
      return error;
    }

    byte[] value() {
      return value;
    }
  }
}
