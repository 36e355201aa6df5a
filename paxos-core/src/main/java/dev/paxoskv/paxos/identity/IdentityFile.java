package dev.paxoskv.paxos.identity;

import dev.paxoskv.paxos.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The two copies of the identity. One rotten copy is made good from the other. A start overwrites
 * them where they are, so that it needs no space on a full disk: first the copy that it did not
 * rely on, and the other once that is durable, so that a crash never harms both.
 */
public final class IdentityFile {
  static final String COPY_A = "identity-a";
  static final String COPY_B = "identity-b";
  /** Lies in a directory as long as a backup is being restored into it. */
  public static final String RESTORING = "restoring";

  private static final String NEW = ".new";
  private static final int ID_BYTES = 16;

  /** What may lie in a directory that nobody has used yet. */
  private static final Set<String> NO_TRACE = Set.of("lock", COPY_A + NEW, COPY_B + NEW);

  private final Disk disk;
  private final int me;
  private final int peers;

  /**
   * Reads and writes nothing yet.
   *
   * @param disk the data directory
   * @param me own index, as the flags say
   * @param peers size of the group, as the flags say
   */
  public IdentityFile(Disk disk, int me, int peers) {
    this.disk = disk;
    this.me = me;
    this.peers = peers;
  }

  /**
   * Begins a life: raises the incarnation and draws a boot id, in a directory without a trace of
   * use also the member id. Durable in both copies when this returns; before that nothing may be
   * said to anyone. To be called before anything else is written to the directory.
   *
   * @param newCluster cluster id for a new directory
   * @param dice draws ids; must not repeat itself from start to start
   * @throws IdentityException if the directory was lost in part, or belongs to another peer
   * @throws IOException if the disk fails
   */
  public Identity begin(String newCluster, RandomGenerator dice) throws IOException {
    List<String> files = disk.list();
    Optional<Identity> before = read(files);
    String memberId = before.isPresent() ? before.get().memberId() : draw(dice);
    Identity now = new Identity(
        before.map(Identity::cluster).orElse(newCluster),
        memberId,
        me,
        peers,
        before.map(Identity::incarnation).orElse(0L) + 1,
        draw(dice));
    ByteBuffer bytes = IdentityFormat.encode(now);
    boolean isFirstToStay = before.isPresent() && before.equals(read(files, COPY_A));
    for (String copy : isFirstToStay ? List.of(COPY_B, COPY_A) : List.of(COPY_A, COPY_B)) {
      write(files, copy, bytes.duplicate());
    }
    return now;
  }

  /**
   * Makes a directory into which everything else was written before, durably, that of a new member
   * which has not been started yet: the last step of a restore, before which it cannot be started.
   *
   * @param cluster id of the new cluster
   * @param dice as for {@link #begin}
   * @throws IdentityException if the directory is somebody's already
   * @throws IOException if the disk fails
   */
  public void create(String cluster, RandomGenerator dice) throws IOException {
    List<String> files = disk.list();
    if (files.contains(COPY_A) || files.contains(COPY_B)) {
      throw new IdentityException("the data directory belongs to a member already");
    }
    Identity unborn = new Identity(cluster, draw(dice), me, peers, 0, draw(dice));
    for (String copy : List.of(COPY_A, COPY_B)) {
      write(files, copy, IdentityFormat.encode(unborn));
    }
  }

  /**
   * Both copies on {@code disk}, for people; changes nothing.
   *
   * @throws IOException if the disk fails
   */
  public static List<String> describe(Disk disk) throws IOException {
    IdentityFile file = new IdentityFile(disk, 0, 1);
    List<String> files = disk.list();
    List<String> lines = new ArrayList<>();
    for (String copy : List.of(COPY_A, COPY_B)) {
      lines.add(copy + ": "
          + file.read(files, copy).map(Identity::toString).orElse("missing or damaged"));
    }
    return lines;
  }

  /** The newer intact copy; empty in a directory without a trace of use. */
  private Optional<Identity> read(List<String> files) throws IOException {
    if (NO_TRACE.containsAll(files)) {
      return Optional.empty();
    }
    Optional<Identity> a = read(files, COPY_A);
    Optional<Identity> b = read(files, COPY_B);
    Identity identity = a.or(() -> b).orElseThrow(() -> nobodys(files));
    checkSame(identity, b.orElse(identity));
    if (identity.me() != me || identity.peers() != peers) {
      throw new IdentityException("the data directory belongs to peer " + identity.me() + " of "
          + identity.peers() + ", but this was started as peer " + me + " of " + peers
          + "; check --me, --peers and --data-dir");
    }
    return Optional.of(
        b.isPresent() && b.get().incarnation() > identity.incarnation() ? b.get() : identity);
  }

  private IdentityException nobodys(List<String> files) {
    boolean isHalfRestored =
        files.contains(RESTORING) && !files.contains(COPY_A) && !files.contains(COPY_B);
    return new IdentityException(
        isHalfRestored
            ? "a restore into the data directory of peer " + me + " was cut off, or runs at the"
                + " moment; if none runs, empty it and restore again"
            : "peer " + me + " finds files there, but no readable copy of its identity (" + COPY_A
                + ", " + COPY_B + "); if it is the right directory, what the peer promised may be"
                + " lost: empty it and run: kv replace " + me);
  }

  private static void checkSame(Identity a, Identity b) throws IdentityException {
    boolean isSame = a.memberId().equals(b.memberId()) && a.me() == b.me();
    if (!isSame || a.peers() != b.peers()) {
      throw new IdentityException("the two copies of the identity belong to different members, "
          + a.memberId() + " and " + b.memberId() + "; the data directory is mixed up");
    }
  }

  /** Empty if the copy is not there or is rotten. */
  private Optional<Identity> read(List<String> files, String file) throws IOException {
    if (!files.contains(file)) {
      return Optional.empty();
    }
    try {
      return IdentityFormat.decode(content(file));
    } catch (IdentityException e) {
      throw e;
    } catch (IOException e) {
      // What cannot be read is as good as rotten; the other copy may do.
      return Optional.empty();
    }
  }

  private ByteBuffer content(String file) throws IOException {
    // One more than there should be, so that a longer file is seen to be one.
    ByteBuffer bytes = ByteBuffer.allocate(IdentityFormat.BYTES + 1);
    int count = 1;
    while (bytes.hasRemaining() && count > 0) {
      count = disk.read(file, bytes.position(), bytes);
    }
    return bytes.flip();
  }

  private void write(List<String> files, String file, ByteBuffer bytes) throws IOException {
    if (files.contains(file) && disk.size(file) == IdentityFormat.BYTES) {
      disk.write(file, 0, bytes);
      disk.sync(file);
    } else {
      make(file, bytes);
    }
  }

  /** Under another name first: a copy without its content would look like a lost disk. */
  private void make(String file, ByteBuffer bytes) throws IOException {
    String fresh = file + NEW;
    if (disk.list().contains(fresh)) {
      disk.delete(fresh);
    }
    disk.create(fresh, IdentityFormat.BYTES);
    disk.write(fresh, 0, bytes);
    disk.sync(fresh);
    disk.rename(fresh, file);
    disk.syncDirectory();
  }

  private static String draw(RandomGenerator dice) {
    byte[] bytes = new byte[ID_BYTES];
    dice.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
