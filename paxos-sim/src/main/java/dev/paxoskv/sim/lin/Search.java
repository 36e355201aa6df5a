package dev.paxoskv.sim.lin;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks for a legal order of the calls on one key: depth first, one call after the other, each only
 * where no call that ended before it began is still to be placed; a set of placed calls that led
 * nowhere with one state is not tried again (Wing and Gong 1993; the memory is Lowe's, 2017).
 *
 * <p>A read that fits is placed at once, without looking back: it changes nothing, so every order
 * in which it comes later is also legal with the read here.
 */
final class Search {

  private record Node(BitSet placed, int state) {}

  private final List<Task> tasks;
  private final List<Integer> byDeadline;
  private final Model model;
  private final long statesMax;
  private final BitSet placed = new BitSet();
  private final Set<Node> seen = new HashSet<>();
  private int required;

  /**
   * Prepares a search.
   *
   * @param tasks what is to be placed; the model knows each by its index here
   * @param statesMax gives up after so many different states
   */
  Search(List<Task> tasks, Model model, long statesMax) {
    this.tasks = tasks;
    this.model = model;
    this.statesMax = statesMax;
    this.byDeadline = new ArrayList<>();
    for (int i = 0; i < tasks.size(); i++) {
      byDeadline.add(i);
      required += tasks.get(i).isOptional() ? 0 : 1;
    }
    byDeadline.sort(Comparator.comparingLong(i -> tasks.get(i).by()));
  }

  Verdict.Kind run() {
    if (place(Model.INITIAL)) {
      return Verdict.Kind.LEGAL;
    }
    return seen.size() > statesMax ? Verdict.Kind.UNDECIDED : Verdict.Kind.ILLEGAL;
  }

  private boolean place(int state) {
    List<Integer> reads = placeReads(state);
    if (required == 0) {
      return true;
    }
    boolean isNew = seen.size() <= statesMax && seen.add(new Node((BitSet) placed.clone(), state));
    if (isNew && model.mayLeave(state, placed) && placeWrites(state)) {
      return true;
    }
    reads.forEach(this::remove);
    return false;
  }

  private boolean placeWrites(int state) {
    long horizon = horizon();
    for (int index : byDeadline) {
      int next = canBeNext(index, horizon) ? model.step(state, index) : Model.IMPOSSIBLE;
      if (next != Model.IMPOSSIBLE && !isRead(index)) {
        add(index);
        if (place(next)) {
          return true;
        }
        remove(index);
      }
    }
    return false;
  }

  private List<Integer> placeReads(int state) {
    List<Integer> reads = new ArrayList<>();
    int before;
    do {
      before = reads.size();
      long horizon = horizon();
      for (int index : byDeadline) {
        if (isRead(index) && canBeNext(index, horizon) && model.step(state, index) == state) {
          add(index);
          reads.add(index);
        }
      }
    } while (reads.size() > before);
    return reads;
  }

  /** The earliest end of a call that is not placed yet: what began later must wait. */
  private long horizon() {
    for (int index : byDeadline) {
      if (!placed.get(index) && !tasks.get(index).isOptional()) {
        return tasks.get(index).by();
      }
    }
    return Call.OPEN;
  }

  private boolean canBeNext(int index, long horizon) {
    Task task = tasks.get(index);
    boolean isInTurn = task.behind() == Task.NOTHING || placed.get(task.behind());
    return isInTurn && !placed.get(index) && task.from() <= horizon;
  }

  private boolean isRead(int index) {
    return tasks.get(index).isRead();
  }

  private void add(int index) {
    placed.set(index);
    required -= tasks.get(index).isOptional() ? 0 : 1;
  }

  private void remove(int index) {
    placed.clear(index);
    required += tasks.get(index).isOptional() ? 0 : 1;
  }
}
