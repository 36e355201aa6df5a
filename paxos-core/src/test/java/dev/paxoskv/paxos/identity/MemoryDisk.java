package dev.paxoskv.paxos.identity;

import dev.paxoskv.paxos.journal.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * A directory in memory that can lose what was not synced, and fail at the n-th step from now. Of
 * the renames and deletions that were not synced it keeps all: losing some is the simulator's.
 */
final class MemoryDisk implements Disk {
  final TreeMap<String, byte[]> files = new TreeMap<>();
  private final TreeMap<String, byte[]> synced = new TreeMap<>();
  private TreeMap<String, byte[]> onMedium = new TreeMap<>();
  private int stepsLeft = Integer.MAX_VALUE;
  private boolean isFull;

  /** After so many more steps that change something, power is cut. */
  void cutAfter(int steps) {
    stepsLeft = steps;
  }

  /** What a power cut leaves: names and bytes that were synced. */
  MemoryDisk afterPowerCut() {
    MemoryDisk left = new MemoryDisk();
    onMedium.forEach((name, bytes) -> left.put(name, bytes.clone()));
    return left;
  }

  /** The same, and of every write that was not synced the first half is there. */
  MemoryDisk afterTornWrite() {
    MemoryDisk left = afterPowerCut();
    for (String name : left.list()) {
      byte[] written = files.getOrDefault(name, left.files.get(name));
      byte[] torn = left.files.get(name).clone();
      System.arraycopy(written, 0, torn, 0, Math.min(written.length, torn.length) / 2);
      left.put(name, torn);
    }
    return left;
  }

  /** From now on no file can be made, and none can grow. */
  void fill() {
    isFull = true;
  }

  void put(String file, byte[] bytes) {
    files.put(file, bytes);
    synced.put(file, bytes);
    onMedium.put(file, bytes);
  }

  @Override
  public List<String> list() {
    return new ArrayList<>(files.keySet());
  }

  @Override
  public long size(String file) {
    return bytes(file).length;
  }

  @Override
  public void create(String file, long size) throws IOException {
    step();
    checkRoom(size);
    if (files.putIfAbsent(file, new byte[(int) size]) != null) {
      throw new IOException(file + " exists");
    }
    synced.put(file, new byte[(int) size]);
  }

  @Override
  public void write(String file, long offset, ByteBuffer bytes) throws IOException {
    step();
    byte[] old = bytes(file);
    checkRoom(offset + bytes.remaining() - old.length);
    byte[] grown = Arrays.copyOf(old, Math.max(old.length, (int) offset + bytes.remaining()));
    bytes.get(grown, (int) offset, bytes.remaining());
    files.put(file, grown);
  }

  @Override
  public int read(String file, long offset, ByteBuffer into) {
    byte[] bytes = bytes(file);
    int count = Math.max(0, Math.min(into.remaining(), bytes.length - (int) offset));
    if (count > 0) {
      into.put(bytes, (int) offset, count);
    }
    return count;
  }

  @Override
  public void sync(String file) throws IOException {
    step();
    synced.put(file, bytes(file));
    // The name may be there already; then nothing else is needed.
    onMedium.computeIfPresent(file, (name, old) -> bytes(file));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    step();
    files.put(to, bytes(from));
    synced.put(to, synced.get(from));
    files.remove(from);
    synced.remove(from);
  }

  @Override
  public void delete(String file) throws IOException {
    step();
    files.remove(file);
    synced.remove(file);
  }

  @Override
  public void syncDirectory() throws IOException {
    step();
    onMedium = new TreeMap<>(synced);
  }

  @Override
  public long free() {
    return isFull ? 0 : Long.MAX_VALUE;
  }

  private void checkRoom(long more) throws IOException {
    if (isFull && more > 0) {
      throw new IOException("No space left on device");
    }
  }

  private byte[] bytes(String file) {
    byte[] bytes = files.get(file);
    if (bytes == null) {
      throw new IllegalArgumentException("no file " + file);
    }
    return bytes;
  }

  private void step() throws IOException {
    if (stepsLeft-- <= 0) {
      throw new IOException("power cut");
    }
  }
}
