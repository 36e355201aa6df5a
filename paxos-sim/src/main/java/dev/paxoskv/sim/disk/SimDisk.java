package dev.paxoskv.sim.disk;

import dev.paxoskv.paxos.journal.Disk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * One directory on a disk that keeps its promises and not one more: what was not synced may be
 * there after a crash, or not, or in part, sector by sector, and so may each name that was made,
 * changed or removed. On demand it fails, fills up, and rots.
 */
public final class SimDisk implements Disk {

  /** The run ends here: the disk has done what it did before this, and nothing after it. */
  public static final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;

    PowerCut(long effect) {
      super("the power is cut before effect " + effect, null, false, false);
    }
  }

  /** A change of a name that is not durable yet; {@code to} is empty for a removal. */
  private record NameChange(Optional<String> from, Optional<String> to, SimFile file) {}

  private final TreeMap<String, SimFile> names = new TreeMap<>();
  private final TreeMap<String, SimFile> durableNames = new TreeMap<>();
  private final List<NameChange> changes = new ArrayList<>();
  private long capacity = Long.MAX_VALUE;
  private long effects;
  private long cutBefore = Long.MAX_VALUE;
  private long syncs;
  private long failSync = Long.MAX_VALUE;
  private Optional<String> failure = Optional.empty();

  /** How many changes it was asked for so far; each is a point at which the power can be cut. */
  public long effects() {
    return effects;
  }

  /** How many files were synced. */
  public long syncs() {
    return syncs;
  }

  /**
   * Cuts the power before effect number {@code effect}, counted from 0: throws {@link PowerCut}.
   */
  public void cutPowerBefore(long effect) {
    cutBefore = effect;
  }

  /** The sync of a file that comes after {@code more} others fails, and loses what it was given. */
  public void failSyncAfter(long more) {
    failSync = syncs + more;
  }

  /** From now on every change fails with these words; none if empty. */
  public void failWith(Optional<String> words) {
    failure = words;
  }

  /** Room for all files together, in bytes. */
  public void capacity(long bytes) {
    capacity = bytes;
  }

  /**
   * The machine loses power and comes back: only what was durable is certain to be there still.
   *
   * @param dice say what of the rest is
   */
  public void crash(RandomGenerator dice) {
    for (NameChange change : changes) {
      if (dice.nextBoolean()) {
        change.from().ifPresent(name -> durableNames.remove(name, change.file()));
        change.to().ifPresent(name -> durableNames.put(name, change.file()));
      }
    }
    changes.clear();
    names.clear();
    names.putAll(durableNames);
    restart();
    // A file may have two names now; it is still one file.
    Set<SimFile> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (SimFile file : names.values()) {
      if (seen.add(file)) {
        file.crash(dice);
      }
    }
  }

  /** What would be there after a crash however that goes: a disk with a copy of it. */
  public SimDisk certain() {
    SimDisk copy = new SimDisk();
    durableNames.forEach((name, file) -> copy.names.put(name, file.certain()));
    return copy;
  }

  /** The process ends and nothing else: what it wrote is there, and is no more durable for it. */
  public void restart() {
    cutBefore = Long.MAX_VALUE;
    failSync = Long.MAX_VALUE;
    failure = Optional.empty();
  }

  /** Flips bit {@code bit} of {@code file} on the medium. */
  public void flip(String file, int bit) {
    at(file).flip(bit);
  }

  /** Zeroes sector {@code sector} of {@code file} on the medium. */
  public void zero(String file, int sector) {
    at(file).zero(sector);
  }

  /**
   * The last synced write of a sector turns out never to have been done; false if there is none.
   */
  public boolean restoreStale(String file, int sector) {
    return at(file).restoreStale(sector);
  }

  /** What sector {@code from} holds has also gone to sector {@code to}. */
  public void misdirect(String file, int from, int to) {
    at(file).misdirect(from, to);
  }

  @Override
  public List<String> list() {
    return List.copyOf(names.keySet());
  }

  @Override
  public long size(String file) throws IOException {
    return find(file).size();
  }

  @Override
  public void create(String file, long size) throws IOException {
    effect();
    if (names.containsKey(file)) {
      throw new IOException(file + " exists");
    }
    checkRoom(size);
    SimFile made = new SimFile();
    made.write(0, new byte[Math.toIntExact(size)]);
    names.put(file, made);
    changes.add(new NameChange(Optional.empty(), Optional.of(file), made));
  }

  @Override
  public void write(String file, long offset, ByteBuffer bytes) throws IOException {
    effect();
    SimFile written = find(file);
    checkRoom(Math.max(0, offset + bytes.remaining() - written.size()));
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    written.write(Math.toIntExact(offset), copy);
  }

  @Override
  public int read(String file, long offset, ByteBuffer into) throws IOException {
    byte[] bytes = find(file).bytes();
    int count = (int) Math.max(0, Math.min(into.remaining(), bytes.length - offset));
    if (count > 0) {
      into.put(bytes, Math.toIntExact(offset), count);
    }
    return count;
  }

  @Override
  public void sync(String file) throws IOException {
    effect();
    SimFile synced = find(file);
    if (syncs++ >= failSync) {
      synced.forgetDirty();
      throw new IOException("Input/output error");
    }
    synced.sync();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    effect();
    SimFile file = find(from);
    names.remove(from);
    names.put(to, file);
    changes.add(new NameChange(Optional.of(from), Optional.of(to), file));
  }

  @Override
  public void delete(String file) throws IOException {
    effect();
    changes.add(new NameChange(Optional.of(file), Optional.empty(), find(file)));
    names.remove(file);
  }

  @Override
  public void syncDirectory() throws IOException {
    effect();
    durableNames.clear();
    durableNames.putAll(names);
    changes.clear();
  }

  @Override
  public long free() {
    return Math.max(0, capacity - used());
  }

  private long used() {
    long used = 0;
    for (SimFile file : names.values()) {
      used += file.size();
    }
    return used;
  }

  private void effect() throws IOException {
    if (effects >= cutBefore) {
      throw new PowerCut(effects);
    }
    effects++;
    if (failure.isPresent()) {
      throw new IOException(failure.get());
    }
  }

  private void checkRoom(long more) throws IOException {
    if (more > free()) {
      throw new IOException("No space left on device");
    }
  }

  private SimFile find(String file) throws IOException {
    SimFile found = names.get(file);
    if (found == null) {
      throw new FileNotFoundException(file);
    }
    return found;
  }

  private SimFile at(String file) {
    SimFile found = names.get(file);
    if (found == null) {
      throw new IllegalArgumentException("no file " + file);
    }
    return found;
  }
}
