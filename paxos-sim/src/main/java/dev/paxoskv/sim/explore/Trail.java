package dev.paxoskv.sim.explore;

import java.util.Arrays;

/** How each state was reached first: from which other, by which move, in how many steps. */
final class Trail {
  private int[] parents = new int[1024];
  private int[] moves = new int[1024];
  private short[] lengths = new short[1024];
  private int size;

  /** Returns the place of the new state. */
  int add(int parent, int move) {
    if (size == parents.length) {
      parents = Arrays.copyOf(parents, size * 2);
      moves = Arrays.copyOf(moves, size * 2);
      lengths = Arrays.copyOf(lengths, size * 2);
    }
    parents[size] = parent;
    moves[size] = move;
    lengths[size] = (short) (parent < 0 ? 0 : lengths[parent] + 1);
    return size++;
  }

  int parent(int place) {
    return parents[place];
  }

  int move(int place) {
    return moves[place];
  }

  int length(int place) {
    return lengths[place];
  }
}
