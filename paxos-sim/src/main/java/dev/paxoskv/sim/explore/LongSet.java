package dev.paxoskv.sim.explore;

/** A set of numbers in one array. */
final class LongSet {
  private long[] slots = new long[1 << 16];
  private int size;

  /** Returns whether {@code number} is new; 0 counts as 1. */
  boolean add(long number) {
    long entry = number == 0 ? 1 : number;
    int at = find(slots, entry);
    if (slots[at] == entry) {
      return false;
    }
    slots[at] = entry;
    size++;
    if (size > slots.length / 2) {
      grow();
    }
    return true;
  }

  int size() {
    return size;
  }

  private void grow() {
    long[] larger = new long[slots.length * 2];
    for (long entry : slots) {
      if (entry != 0) {
        larger[find(larger, entry)] = entry;
      }
    }
    slots = larger;
  }

  private static int find(long[] slots, long entry) {
    int mask = slots.length - 1;
    int at = (int) (entry ^ (entry >>> 32)) & mask;
    while (slots[at] != 0 && slots[at] != entry) {
      at = (at + 1) & mask;
    }
    return at;
  }
}
