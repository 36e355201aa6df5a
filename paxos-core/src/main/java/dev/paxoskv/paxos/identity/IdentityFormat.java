package dev.paxoskv.paxos.identity;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One copy of the identity as bytes, big endian: magic 4, version 4, index 4, peers 4, incarnation
 * 8, cluster id 16, member id 16, boot id 16, CRC32C of all before it 4.
 */
final class IdentityFormat {
  static final int BYTES = 76;

  private static final int MAGIC = 0x50584944;
  private static final int VERSION = 1;
  private static final int ID_BYTES = 16;

  private IdentityFormat() {}

  static ByteBuffer encode(Identity identity) {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES)
        .putInt(MAGIC)
        .putInt(VERSION)
        .putInt(identity.me())
        .putInt(identity.peers())
        .putLong(identity.incarnation())
        .put(HexFormat.of().parseHex(identity.cluster()))
        .put(HexFormat.of().parseHex(identity.memberId()))
        .put(HexFormat.of().parseHex(identity.bootId()));
    return bytes.putInt(checksum(bytes)).flip();
  }

  /**
   * Empty if these are not the intact bytes of one copy.
   *
   * @throws IdentityException if they are intact but of a version that this program cannot read
   */
  static Optional<Identity> decode(ByteBuffer bytes) throws IdentityException {
    boolean isWhole = bytes.remaining() == BYTES && bytes.getInt() == MAGIC;
    if (!isWhole || bytes.getInt(BYTES - Integer.BYTES) != checksum(bytes)) {
      return Optional.empty();
    }
    int version = bytes.getInt();
    if (version != VERSION) {
      throw new IdentityException("the data directory has an identity of version " + version
          + ", but this program reads version " + VERSION + "; start the newer program");
    }
    int me = bytes.getInt();
    int peers = bytes.getInt();
    long incarnation = bytes.getLong();
    return Optional.of(new Identity(id(bytes), id(bytes), me, peers, incarnation, id(bytes)));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, BYTES - Integer.BYTES));
    return (int) crc.getValue();
  }

  private static String id(ByteBuffer bytes) {
    byte[] id = new byte[ID_BYTES];
    bytes.get(id);
    return HexFormat.of().formatHex(id);
  }
}
