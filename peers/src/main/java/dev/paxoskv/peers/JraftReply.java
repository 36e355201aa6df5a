package dev.paxoskv.peers;

import java.io.Serializable;

/** What came of a request. */
final class JraftReply implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String error;
  private final byte[] value;

  private JraftReply(String error, byte[] value) {
    this.error = error;
    this.value = value;
  }

  static JraftReply done(byte[] value) {
    return new JraftReply("", value);
  }

  static JraftReply failed(String error) {
    return new JraftReply(error, new byte[0]);
  }

  String error() {
    return error;
  }

  byte[] value() {
    return value;
  }
}
