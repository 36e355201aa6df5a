package dev.paxoskv.sim.disk;

import java.util.Arrays;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * One file in two layers: what programs see, and what is on the medium. Sectors of 512 bytes go
 * from one to the other, each on its own.
 */
final class SimFile {
  static final int SECTOR = 512;

  private byte[] cache = {};
  private byte[] medium = {};

  /** What sectors held on the medium before their last sync. */
  private final TreeMap<Integer, byte[]> before = new TreeMap<>();

  private final TreeSet<Integer> dirty = new TreeSet<>();

  int size() {
    return cache.length;
  }

  byte[] bytes() {
    return cache;
  }

  void write(int offset, byte[] bytes) {
    if (offset + bytes.length > cache.length) {
      cache = Arrays.copyOf(cache, offset + bytes.length);
    }
    System.arraycopy(bytes, 0, cache, offset, bytes.length);
    for (int sector = offset / SECTOR; sector * SECTOR < offset + bytes.length; sector++) {
      dirty.add(sector);
    }
  }

  void sync() {
    if (medium.length != cache.length) {
      medium = Arrays.copyOf(medium, cache.length);
    }
    for (int sector : dirty) {
      before.put(sector, sectorOf(medium, sector));
      copySector(cache, medium, sector);
    }
    dirty.clear();
  }

  /** A copy of what is on the medium. */
  SimFile certain() {
    SimFile copy = new SimFile();
    copy.cache = medium.clone();
    copy.medium = medium.clone();
    return copy;
  }

  /** A sync that failed: the system takes the sectors for clean, and they never get there. */
  void forgetDirty() {
    dirty.clear();
  }

  /**
   * The power is cut: of the sectors that were not synced any may have reached the medium, and one
   * of them may have got there in part.
   */
  void crash(RandomGenerator dice) {
    boolean hasGrown = dice.nextBoolean();
    byte[] left = Arrays.copyOf(medium, hasGrown ? cache.length : medium.length);
    for (int sector : dirty) {
      int fate = dice.nextInt(8);
      if (sector * SECTOR >= left.length || fate < 3) {
        continue;
      }
      if (fate == 7) {
        tear(left, sector, dice);
      } else {
        copySector(cache, left, sector);
      }
    }
    medium = left;
    cache = left.clone();
    dirty.clear();
  }

  private void tear(byte[] left, int sector, RandomGenerator dice) {
    int begin = sector * SECTOR;
    int end = Math.min(begin + SECTOR, left.length);
    int torn = begin + dice.nextInt(end - begin + 1);
    System.arraycopy(cache, begin, left, begin, torn - begin);
  }

  /** The medium changes by itself. */
  void flip(int bit) {
    cache[bit / 8] ^= (byte) (1 << (bit % 8));
    medium = cache.clone();
  }

  void zero(int sector) {
    Arrays.fill(cache, sector * SECTOR, Math.min((sector + 1) * SECTOR, cache.length), (byte) 0);
    medium = cache.clone();
  }

  /** A write that the disk reported and never did; false if there was none to undo. */
  boolean restoreStale(int sector) {
    byte[] stale = before.get(sector);
    if (stale == null || sector * SECTOR >= cache.length) {
      return false;
    }
    int size = Math.min(stale.length, cache.length - sector * SECTOR);
    System.arraycopy(stale, 0, cache, sector * SECTOR, size);
    medium = cache.clone();
    return true;
  }

  /** What was meant for one sector has also gone to another. */
  void misdirect(int from, int to) {
    byte[] moved = sectorOf(cache, from);
    int begin = to * SECTOR;
    System.arraycopy(moved, 0, cache, begin, Math.min(moved.length, cache.length - begin));
    medium = cache.clone();
  }

  private static byte[] sectorOf(byte[] bytes, int sector) {
    int begin = Math.min(sector * SECTOR, bytes.length);
    return Arrays.copyOfRange(bytes, begin, Math.min(begin + SECTOR, bytes.length));
  }

  private static void copySector(byte[] from, byte[] to, int sector) {
    int begin = sector * SECTOR;
    int end = Math.min(begin + SECTOR, Math.min(from.length, to.length));
    if (begin < end) {
      System.arraycopy(from, begin, to, begin, end - begin);
    }
  }
}
