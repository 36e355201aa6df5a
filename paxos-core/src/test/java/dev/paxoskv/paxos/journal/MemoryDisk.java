package dev.paxoskv.paxos.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A disk that a test can crash: of what was not synced any subset of the sectors survives, and of
 * the directory any number of the first changes.
 */
final class MemoryDisk implements Disk {
  private static final int SECTOR = 64;

  private static final class Inode {
    byte[] cache = new byte[0];
    byte[] medium = new byte[0];
    final BitSet dirty = new BitSet();
  }

  private TreeMap<String, Inode> names = new TreeMap<>();
  private final List<TreeMap<String, Inode>> history = new ArrayList<>();
  long capacity = Long.MAX_VALUE;
  int syncs;
  int reads;
  int writes;
  int creates;

  /** So many changes succeed before the power goes; negative for all. */
  int changesLeft = -1;

  /** A file that can neither be read nor written. */
  String broken = "";

  /** The power is gone, amid something. */
  static final class PowerCut extends IOException {
    private static final long serialVersionUID = 1L;
  }

  MemoryDisk() {
    history.add(new TreeMap<>());
  }

  @Override
  public List<String> list() {
    return new ArrayList<>(names.keySet());
  }

  @Override
  public long size(String file) throws IOException {
    return inode(file).cache.length;
  }

  @Override
  public void create(String file, long size) throws IOException {
    if (names.containsKey(file)) {
      throw new IOException(file + " exists");
    }
    change();
    creates++;
    names.put(file, new Inode());
    changed();
    write(file, 0, ByteBuffer.allocate((int) size));
  }

  @Override
  public void write(String file, long offset, ByteBuffer bytes) throws IOException {
    Inode inode = inode(file);
    check(file);
    int from = (int) offset;
    int to = from + bytes.remaining();
    boolean isGrowing = to > inode.cache.length;
    if (isGrowing && to - inode.cache.length > free()) {
      throw new IOException("no space for " + file);
    }
    writes++;
    if (isGrowing) {
      inode.cache = Arrays.copyOf(inode.cache, to);
    }
    bytes.get(inode.cache, from, to - from);
    inode.dirty.set(from / SECTOR, (to + SECTOR - 1) / SECTOR);
    // A part of it may be on the medium.
    change();
  }

  @Override
  public int read(String file, long offset, ByteBuffer into) throws IOException {
    byte[] cache = inode(file).cache;
    reads++;
    check(file);
    int length = (int) Math.max(0, Math.min(into.remaining(), cache.length - offset));
    into.put(cache, (int) Math.min(offset, cache.length), length);
    return length;
  }

  @Override
  public void sync(String file) throws IOException {
    change();
    syncs++;
    Inode inode = inode(file);
    inode.medium = inode.cache.clone();
    inode.dirty.clear();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Inode inode = inode(from);
    change();
    names.remove(from);
    names.put(to, inode);
    changed();
  }

  @Override
  public void delete(String file) throws IOException {
    inode(file);
    change();
    names.remove(file);
    changed();
  }

  @Override
  public void syncDirectory() throws IOException {
    change();
    directoryIsDurable();
  }

  private void directoryIsDurable() {
    history.clear();
    history.add(new TreeMap<>(names));
  }

  private void check(String file) throws IOException {
    if (file.equals(broken)) {
      throw new IOException(file + ": input/output error");
    }
  }

  private void change() throws PowerCut {
    if (changesLeft == 0) {
      throw new PowerCut();
    }
    changesLeft--;
  }

  @Override
  public long free() {
    return capacity - names.values().stream().mapToLong(i -> i.cache.length).sum();
  }

  /** The power goes. */
  void crash(RandomGenerator dice) {
    changesLeft = -1;
    names = new TreeMap<>(history.get(dice.nextInt(history.size())));
    directoryIsDurable();
    for (Inode inode : names.values()) {
      byte[] left = Arrays.copyOf(inode.medium, Math.max(inode.medium.length, inode.cache.length));
      for (int s = inode.dirty.nextSetBit(0); s >= 0; s = inode.dirty.nextSetBit(s + 1)) {
        int from = s * SECTOR;
        if (dice.nextBoolean()) {
          System.arraycopy(
              inode.cache, from, left, from, Math.min(SECTOR, inode.cache.length - from));
        }
      }
      inode.dirty.clear();
      inode.cache = left;
      inode.medium = left.clone();
    }
  }

  MemoryDisk copy() {
    MemoryDisk copy = new MemoryDisk();
    names.forEach((name, inode) -> {
      Inode twin = new Inode();
      twin.cache = inode.cache.clone();
      twin.medium = inode.cache.clone();
      copy.names.put(name, twin);
    });
    copy.directoryIsDurable();
    return copy;
  }

  byte[] bytes(String file) throws IOException {
    return inode(file).cache;
  }

  /** As if an operator had cut the file. */
  void truncate(String file, int size) throws IOException {
    Inode inode = inode(file);
    inode.cache = Arrays.copyOf(inode.cache, size);
    inode.medium = inode.cache.clone();
  }

  private void changed() {
    history.add(new TreeMap<>(names));
  }

  private Inode inode(String file) throws IOException {
    Inode inode = names.get(file);
    if (inode == null) {
      throw new IOException("no file " + file);
    }
    return inode;
  }
}
