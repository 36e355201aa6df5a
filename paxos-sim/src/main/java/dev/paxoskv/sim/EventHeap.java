package dev.paxoskv.sim;

import java.util.Arrays;

/**
 * What is going to happen, earliest first and in the order of making where the time is the same. A
 * binary heap over plain arrays: this is the inner loop of every run.
 */
final class EventHeap {
  private long[] times = new long[256];
  private long[] numbers = new long[256];
  private Runnable[] actions = new Runnable[256];
  private int size;
  private long made;

  boolean isEmpty() {
    return size == 0;
  }

  /** The time of the first event; there must be one. */
  long firstTime() {
    return times[0];
  }

  void add(long time, Runnable action) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      numbers = Arrays.copyOf(numbers, 2 * size);
      actions = Arrays.copyOf(actions, 2 * size);
    }
    long number = made++;
    int hole = size++;
    while (hole > 0 && time < times[(hole - 1) >>> 1]) {
      int parent = (hole - 1) >>> 1;
      move(parent, hole);
      hole = parent;
    }
    fill(hole, time, number, action);
  }

  /** Takes the first event out; there must be one. */
  Runnable remove() {
    Runnable first = actions[0];
    size--;
    long time = times[size];
    long number = numbers[size];
    Runnable action = actions[size];
    int hole = 0;
    int child = smallerChild(0);
    while (child < size && isBefore(child, time, number)) {
      move(child, hole);
      hole = child;
      child = smallerChild(hole);
    }
    fill(hole, time, number, action);
    actions[size] = EventHeap::gone;
    return first;
  }

  /** In place of what has happened, or a large message would live on in an unused place. */
  private static void gone() {}

  private int smallerChild(int parent) {
    int left = 2 * parent + 1;
    int right = left + 1;
    return right < size && isBefore(right, times[left], numbers[left]) ? right : left;
  }

  private boolean isBefore(int index, long time, long number) {
    return times[index] < time || (times[index] == time && numbers[index] < number);
  }

  private void move(int from, int to) {
    fill(to, times[from], numbers[from], actions[from]);
  }

  private void fill(int index, long time, long number, Runnable action) {
    times[index] = time;
    numbers[index] = number;
    actions[index] = action;
  }
}
