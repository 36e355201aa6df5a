package dev.paxoskv.server.table;

import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Entries in the order of their keys' bytes, compared as unsigned: blocks of some hundreds, one
 * behind the other. A tree of nodes would take ten times the memory.
 */
final class SortedIndex {
  private static final int BLOCK = 512;

  private static final class Block {
    private final @Nullable Entry[] entries = new Entry[BLOCK];
    private int size;

    Entry get(int i) {
      Entry entry = entries[i];
      if (entry == null || i >= size) {
        throw new IndexOutOfBoundsException(i);
      }
      return entry;
    }

    void insert(int i, Entry entry) {
      System.arraycopy(entries, i, entries, i + 1, size - i);
      entries[i] = entry;
      size++;
    }

    void remove(int i) {
      System.arraycopy(entries, i + 1, entries, i, size - i - 1);
      size--;
      entries[size] = null;
    }

    /** Takes the entries from {@code i} on into a block of their own. */
    Block split(int i) {
      Block rest = new Block();
      rest.size = size - i;
      System.arraycopy(entries, i, rest.entries, 0, rest.size);
      Arrays.fill(entries, i, size, null);
      size = i;
      return rest;
    }

    void append(Block next) {
      System.arraycopy(next.entries, 0, entries, size, next.size);
      size += next.size;
    }
  }

  /** None is empty, but the first if there is nothing at all. */
  private @Nullable Block[] blocks = new Block[] {new Block()};

  private int count = 1;

  /** Adds an entry whose key is not there. */
  void add(Entry entry) {
    int index = blockOf(entry.key());
    Block block = block(index);
    int at = placeIn(block, entry.key());
    if (block.size == BLOCK) {
      // Behind everything else a new block begins, so that keys that come in order fill theirs.
      boolean isLast = at == BLOCK && index == count - 1;
      int middle = isLast ? BLOCK : BLOCK / 2;
      insert(index + 1, block.split(middle));
      if (at > middle || isLast) {
        block = block(index + 1);
        at -= middle;
      }
    }
    block.insert(at, entry);
  }

  /** Takes an entry out that is there. */
  void remove(Entry entry) {
    int index = blockOf(entry.key());
    Block block = block(index);
    block.remove(placeIn(block, entry.key()));
    if (block.size == 0 && count > 1) {
      removeBlock(index);
    } else if (index + 1 < count && block.size + block(index + 1).size <= BLOCK / 2) {
      block.append(block(index + 1));
      removeBlock(index + 1);
    }
  }

  /** Shows the entries from {@code first} on, in order, for as long as {@code each} wants more. */
  void forEachFrom(byte[] first, Predicate<Entry> each) {
    int index = blockOf(first);
    int at = placeIn(block(index), first);
    while (index < count) {
      Block block = block(index);
      while (at < block.size) {
        if (!each.test(block.get(at))) {
          return;
        }
        at++;
      }
      index++;
      at = 0;
    }
  }

  /** The last block that begins at or before {@code key}; the first if none does. */
  private int blockOf(byte[] key) {
    int low = 0;
    int high = count - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (Arrays.compareUnsigned(block(middle).get(0).key(), key) <= 0) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Where in {@code block} the key is, or would be. */
  private static int placeIn(Block block, byte[] key) {
    int low = 0;
    int high = block.size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(block.get(middle).key(), key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Block block(int index) {
    Block block = blocks[index];
    if (block == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return block;
  }

  private void insert(int index, Block block) {
    if (count == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * count);
    }
    System.arraycopy(blocks, index, blocks, index + 1, count - index);
    blocks[index] = block;
    count++;
  }

  private void removeBlock(int index) {
    System.arraycopy(blocks, index + 1, blocks, index, count - index - 1);
    count--;
    blocks[count] = null;
  }
}
