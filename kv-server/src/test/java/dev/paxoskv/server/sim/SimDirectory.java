package dev.paxoskv.server.sim;

import dev.paxoskv.server.snapshot.SnapshottingMachine.Pace;
import dev.paxoskv.sim.disk.SimDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** The data directory of one server on a simulated disk, and what can become of it. */
final class SimDirectory {
  /**
   * How large things are.
   *
   * @param segmentBytes of one segment of the log
   * @param snapshots of log between two snapshots, and of their slices
   * @param heapBytes of decided values in memory
   * @param pieceBytes of a piece of a snapshot
   */
  record Sizes(long segmentBytes, Pace snapshots, long heapBytes, int pieceBytes) {
    /** Snapshots in slices of half a KiB, given in pieces of 100 bytes. */
    Sizes(long segmentBytes, long snapshotBytes, long heapBytes) {
      this(segmentBytes, new Pace(snapshotBytes, 512), heapBytes, 100);
    }

    /**
     * Segments of 4 to 64 KiB, a snapshot each 4 to 200 instances in slices of 16 bytes to 2 KiB,
     * up to 64 values in memory, and snapshots given in one piece or in many.
     */
    static Sizes draw(RandomGenerator dice) {
      return new Sizes(
          4096L << dice.nextInt(5),
          new Pace(1024L + dice.nextLong(1024L << dice.nextInt(7)), 16 << dice.nextInt(8)),
          300L * dice.nextInt(64),
          32 << dice.nextInt(8));
    }
  }

  private static final int SECTOR_BYTES = 512;

  /** A piece of work on a disk that is well takes up to so long. */
  private static final long LATENCY_MAX = 600;

  private final Sizes sizes;
  private SimDisk disk = new SimDisk();
  private long slowness = 1;
  private boolean isOther;
  private boolean isKilled;

  SimDirectory(Sizes sizes) {
    this.sizes = sizes;
  }

  Sizes sizes() {
    return sizes;
  }

  SimDisk disk() {
    return disk;
  }

  /** Whether it is not the one that its server used last, so that the server must be refused. */
  boolean isOther() {
    return isOther;
  }

  /**
   * The next work but {@code effects} changes is not done any more: the power is cut before it, or
   * the program is killed there and what it wrote is as durable as it was.
   */
  void stopAfter(int effects, boolean isKill) {
    isKilled = isKill;
    disk.cutPowerBefore(disk.effects() + effects);
  }

  /** Whether the stop in the middle of work was that of the program alone; forgets it. */
  boolean takeKill() {
    boolean wasKilled = isKilled;
    isKilled = false;
    return wasKilled;
  }

  /** From now on all work takes {@code factor} times as long as on a disk that is well. */
  void slowness(long factor) {
    slowness = factor;
  }

  /** How long one piece of work takes, in microseconds. */
  long latency(RandomGenerator dice) {
    return slowness * (20 + dice.nextLong(LATENCY_MAX));
  }

  /** The disk is replaced by a new one. */
  void wipe() {
    disk = new SimDisk();
    isOther = true;
  }

  /** A copy of all that a program would read at this moment. */
  SimDisk copy() {
    SimDisk copy = new SimDisk();
    try {
      for (String file : disk.list()) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(disk.size(file)));
        disk.read(file, 0, bytes);
        copy.create(file, 0);
        copy.write(file, 0, bytes.flip());
        copy.sync(file);
      }
      copy.syncDirectory();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return copy;
  }

  /** An older copy takes the place of the disk. */
  void restore(SimDisk copy) {
    disk = copy;
    isOther = true;
  }

  /**
   * Something rots in a part of the log that others rely on: not in the two newest segments, of
   * which a power cut may have left no trace that they were ever synced.
   *
   * @return whether there was such a part
   */
  boolean rot(RandomGenerator dice) {
    List<String> segments = new ArrayList<>(disk.list());
    segments.removeIf(file -> !file.startsWith("log-"));
    if (segments.size() < 3) {
      return false;
    }
    String file = segments.get(dice.nextInt(segments.size() - 2));
    int size = size(file);
    int sector = dice.nextInt(size / SECTOR_BYTES);
    switch (dice.nextInt(6)) {
      case 0 -> disk.zero(file, sector);
      case 1 -> disk.restoreStale(file, sector);
      case 2 -> disk.misdirect(file, sector, dice.nextInt(size / SECTOR_BYTES));
      // Most often: whatever it hits is one record, which the next one names.
      default -> disk.flip(file, dice.nextInt(8 * size));
    }
    return true;
  }

  private int size(String file) {
    try {
      return Math.toIntExact(disk.size(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
