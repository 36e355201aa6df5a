package dev.paxoskv.server.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds entries by their keys. In many small tables, each of which grows by itself: one large table
 * would stand still for as long as it takes to move everything.
 */
final class HashIndex {
  private static final int TABLES = 1 << 10;
  private static final int TABLE_BITS = 10;
  private static final int SLOTS_MIN = 4;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Open addressing: an entry is at the place its hash says, or behind it without a gap. */
  private static final class Slots {
    private @Nullable Entry[] entries = new Entry[SLOTS_MIN];
    private int size;
  }

  private final Slots[] tables = new Slots[TABLES];

  HashIndex() {
    Arrays.setAll(tables, i -> new Slots());
  }

  /** The hash of a key, which is a piece of {@code bytes}. */
  static int hash(byte[] bytes, int from, int to) {
    long hash = to - (long) from;
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      hash = mix(hash ^ (long) LONGS.get(bytes, at));
    }
    long rest = 0;
    for (int shift = 0; at < to; at++, shift += Byte.SIZE) {
      rest |= (bytes[at] & 0xffL) << shift;
    }
    hash = mix(hash ^ rest);
    return (int) (hash ^ (hash >>> 32));
  }

  private static long mix(long word) {
    long z = word * 0x9e3779b97f4a7c15L;
    return (z ^ (z >>> 32)) * 0xbf58476d1ce4e5b9L;
  }

  /** The entry of the key that is a piece of {@code bytes} and has this hash. */
  @Nullable
  Entry find(int hash, byte[] bytes, int from, int to) {
    @Nullable Entry[] entries = table(hash).entries;
    int mask = entries.length - 1;
    for (int i = place(hash, mask); ; i = (i + 1) & mask) {
      Entry entry = entries[i];
      if (entry == null) {
        return null;
      }
      byte[] key = entry.key();
      if (entry.hash == hash && Arrays.equals(key, 0, key.length, bytes, from, to)) {
        return entry;
      }
    }
  }

  /** Adds an entry whose key is not there. */
  void add(Entry entry) {
    Slots table = table(entry.hash);
    table.size++;
    if (table.size > table.entries.length / 2) {
      grow(table);
    }
    place(table.entries, entry);
  }

  /** Takes an entry out that is there. */
  void remove(Entry entry) {
    Slots table = table(entry.hash);
    @Nullable Entry[] entries = table.entries;
    int mask = entries.length - 1;
    int gap = place(entry.hash, mask);
    while (entries[gap] != entry) {
      gap = (gap + 1) & mask;
    }
    table.size--;
    entries[gap] = null;
    // What stands behind the gap may have been pushed there by what was in it.
    for (int i = (gap + 1) & mask; entries[i] != null; i = (i + 1) & mask) {
      Entry moved = entries[i];
      entries[i] = null;
      place(entries, moved);
    }
  }

  private static void grow(Slots table) {
    @Nullable Entry[] larger = new Entry[2 * table.entries.length];
    for (Entry entry : table.entries) {
      if (entry != null) {
        place(larger, entry);
      }
    }
    table.entries = larger;
  }

  private static void place(@Nullable Entry[] entries, Entry entry) {
    int mask = entries.length - 1;
    int i = place(entry.hash, mask);
    while (entries[i] != null) {
      i = (i + 1) & mask;
    }
    entries[i] = entry;
  }

  private Slots table(int hash) {
    return tables[hash & (TABLES - 1)];
  }

  private static int place(int hash, int mask) {
    return (hash >>> TABLE_BITS) & mask;
  }
}
