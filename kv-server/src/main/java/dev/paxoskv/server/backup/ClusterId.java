package dev.paxoskv.server.backup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.paxos.net.Address;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Ids of clusters that are made of backups. The first half is drawn, so that no two restores make
 * the same cluster, not even of the same backup; the second half says of which backup it is made,
 * and for which list of servers, so that a server which was restored from something else is told so
 * at once.
 */
final class ClusterId {
  private static final int HALF_DIGITS = 16;

  private final String secondHalf;

  /** Ids of clusters of these servers, which start from this backup. */
  ClusterId(BackupHead head, int checksum, List<Address> peers) {
    String list = peers.stream().map(Address::toString).collect(Collectors.joining(","));
    MessageDigest digest = sha256();
    digest.update(head.encode());
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(checksum).flip());
    digest.update(list.getBytes(UTF_8));
    this.secondHalf = HexFormat.of().formatHex(digest.digest()).substring(0, HALF_DIGITS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A new one. */
  String draw(RandomGenerator dice) {
    long drawn = 0;
    while (drawn == 0) {
      // Zero is for clusters that have no id.
      drawn = dice.nextLong();
    }
    return String.format("%016x", drawn) + secondHalf;
  }

  /**
   * Takes the one over that was drawn when the first server was restored.
   *
   * @throws IOException if it was drawn for another backup, or other servers
   */
  String check(String given) throws IOException {
    if (!given.matches("[0-9a-f]{32}") || given.startsWith("0".repeat(HALF_DIGITS))) {
      throw new IOException("'" + given + "' is no cluster id of a restore; give the one that the"
          + " restore of the first server printed, 32 hexadecimal digits");
    }
    if (!given.endsWith(secondHalf)) {
      throw new IOException("cluster id " + given + " was made for another backup, or for another"
          + " --peers: restore all servers from the same file, with the same list");
    }
    return given;
  }
}
