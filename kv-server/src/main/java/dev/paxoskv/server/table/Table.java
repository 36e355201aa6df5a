package dev.paxoskv.server.table;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The keys that have a value. One walk at a time may go through all entries as they were when it
 * began, in slices, while they change: what changes before the walk has come to it is kept for it.
 * Not thread-safe; arrays of keys and values are shared, and never changed.
 */
public final class Table {

  /** Takes entries in as they were. */
  public interface Sink {
    void add(byte[] key, byte[] value);
  }

  /** Where a walk begins: no key is empty. */
  private static final byte[] BEGIN = {};

  private final HashIndex hashes = new HashIndex();
  private final SortedIndex order = new SortedIndex();
  private final CRC32C crc = new CRC32C();
  private int size;
  private long checksum;
  private int walks;
  private @Nullable Walk walk;

  public int size() {
    return size;
  }

  /**
   * A checksum over all keys and values: equal for equal tables, however they came about. It finds
   * mistakes, not forgers.
   */
  public long checksum() {
    return checksum;
  }

  /** The entry of the key that is the piece of {@code bytes}; null if it has no value. */
  public @Nullable Entry find(byte[] bytes, int from, int to) {
    return hashes.find(HashIndex.hash(bytes, from, to), bytes, from, to);
  }

  /** Gives the key that is the piece of {@code bytes} a value; that array is the table's now. */
  public void put(byte[] bytes, int from, int to, byte[] value) {
    int hash = HashIndex.hash(bytes, from, to);
    Entry known = hashes.find(hash, bytes, from, to);
    if (known != null) {
      keep(known);
      checksum -= contribution(known);
      known.value(value);
      count(known);
      return;
    }
    Entry entry = new Entry(Arrays.copyOfRange(bytes, from, to), hash, value);
    // A walk that has begun must not show it.
    entry.walk = walks;
    hashes.add(entry);
    order.add(entry);
    size++;
    count(entry);
  }

  /** Returns whether the key had a value. */
  public boolean remove(byte[] bytes, int from, int to) {
    Entry known = find(bytes, from, to);
    if (known == null) {
      return false;
    }
    keep(known);
    hashes.remove(known);
    order.remove(known);
    size--;
    checksum -= contribution(known);
    return true;
  }

  /** Shows the entries from {@code first} on, in order, for as long as {@code each} wants more. */
  public void forEachFrom(byte[] first, Predicate<Entry> each) {
    order.forEachFrom(first, each);
  }

  /** Begins a walk over the entries as they are now; the one before, if there is one, is over. */
  public Walk walk() {
    walks++;
    Walk begun = new Walk();
    walk = begun;
    return begun;
  }

  /** Before {@code entry} changes: the walk that has not come to it must still show it as it is. */
  private void keep(Entry entry) {
    if (walk != null && entry.walk != walks) {
      entry.walk = walks;
      walk.keep(entry);
    }
  }

  private void count(Entry entry) {
    byte[] value = entry.value();
    crc.reset();
    crc.update(value, 0, value.length);
    entry.checksum = (int) crc.getValue();
    checksum += contribution(entry);
  }

  private static long contribution(Entry entry) {
    long z = ((long) entry.hash << 32 | (entry.checksum & 0xffffffffL)) + entry.key().length;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** Goes through the entries as they were when it began. */
  public final class Walk {
    /** Keys and old values, in turn. */
    private final ArrayDeque<byte[]> kept = new ArrayDeque<>();

    private byte[] next = BEGIN;
    private boolean isAtEnd;

    private Walk() {}

    /** Whether everything was shown. */
    public boolean isOver() {
      return isAtEnd && kept.isEmpty();
    }

    /** Nothing is kept for it any more. */
    public void abandon() {
      isAtEnd = true;
      kept.clear();
      end();
    }

    /**
     * Shows some more entries, in no order.
     *
     * @param entriesMax how many it may look at, at least 1
     * @param bytesAim of keys and values together; the last entry may lead beyond it
     */
    public void next(int entriesMax, long bytesAim, Sink sink) {
      Slice slice = new Slice(entriesMax, bytesAim, sink);
      while (!kept.isEmpty() && slice.hasRoom()) {
        slice.visited++;
        slice.add(kept.removeFirst(), kept.removeFirst());
      }
      if (!isAtEnd && slice.hasRoom()) {
        isAtEnd = true;
        order.forEachFrom(next, entry -> pass(entry, slice));
      }
      end();
    }

    private boolean pass(Entry entry, Slice slice) {
      if (!slice.hasRoom()) {
        isAtEnd = false;
        next = entry.key();
        return false;
      }
      slice.visited++;
      if (entry.walk != walks) {
        entry.walk = walks;
        slice.add(entry.key(), entry.value());
      }
      return true;
    }

    private void keep(Entry entry) {
      kept.addLast(entry.key());
      kept.addLast(entry.value());
    }

    /** At its end nothing is ahead of it that could change. */
    private void end() {
      if (isAtEnd && walk == this) {
        walk = null;
      }
    }
  }

  /** What one call brings, and how much it may. */
  private static final class Slice {
    private final int entriesMax;
    private final long bytesAim;
    private final Sink sink;
    private int visited;
    private long bytes;

    Slice(int entriesMax, long bytesAim, Sink sink) {
      this.entriesMax = entriesMax;
      this.bytesAim = bytesAim;
      this.sink = sink;
    }

    boolean hasRoom() {
      return visited < entriesMax && bytes < bytesAim;
    }

    void add(byte[] key, byte[] value) {
      bytes += key.length + value.length;
      sink.add(key, value);
    }
  }
}
