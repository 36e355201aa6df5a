package dev.paxoskv.sim.lin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The usual case: no write depends on what is there, each brings a value of its own and none is the
 * beginning of another, so what a read found can be cut into the writes that made it, and tells
 * their order. The state is then the last write alone, and the search has hardly anything left to
 * choose.
 *
 * <p>An unknown write that a read has seen did happen, and before that read returned; one that no
 * read has seen may as well not have happened: between it and the next put nobody looked.
 */
final class TokenModel implements Model {
  private static final int ANY = -1;

  private final List<Call> calls;
  private final TreeMap<String, Integer> writers = new TreeMap<>();
  private final int[] before;
  private final int[] after;
  private final int[] seenState;
  private final boolean[] isSeen;
  private final List<BitSet> readers = new ArrayList<>();
  private final List<int[]> order = new ArrayList<>();
  private final long[] from;
  private final long[] by;
  private boolean isContradictory;

  private TokenModel(List<Call> calls) {
    int count = calls.size();
    this.calls = calls;
    this.before = new int[count];
    this.after = new int[count + 2];
    this.seenState = new int[count];
    this.isSeen = new boolean[count];
    this.from = calls.stream().mapToLong(Call::invoked).toArray();
    this.by = new long[count];
    Arrays.fill(before, ANY);
    Arrays.fill(after, ANY);
    for (int state = 0; state < count + 2; state++) {
      readers.add(new BitSet());
    }
  }

  /** Empty if the values written are not of the kind that this model needs. */
  static Optional<TokenModel> of(List<Call> calls) {
    if (calls.stream().anyMatch(Call::isConditional)) {
      return Optional.empty();
    }
    TokenModel model = new TokenModel(calls);
    if (!model.hasTokens()) {
      return Optional.empty();
    }
    model.readOrder();
    model.tightenTimes();
    return Optional.of(model);
  }

  /** No search is needed: what the reads say of the order cannot be. */
  boolean isContradictory() {
    return isContradictory;
  }

  List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      tasks.add(new Task(calls.get(i).isRead(), from[i], by[i], isIdle(i), Task.NOTHING));
    }
    return tasks;
  }

  @Override
  public int step(int state, int index) {
    if (calls.get(index).isRead()) {
      return seenState[index] == state ? state : IMPOSSIBLE;
    }
    boolean comesTooEarly = after[state] != ANY && after[state] != index;
    boolean comesTooLate = before[index] != ANY && before[index] != state;
    if (isIdle(index) || comesTooEarly || comesTooLate) {
      return IMPOSSIBLE;
    }
    return isSeen[index] ? stateAfter(index) : calls.size() + 1;
  }

  @Override
  public boolean mayLeave(int state, BitSet placed) {
    BitSet stranded = (BitSet) readers.get(state).clone();
    stranded.andNot(placed);
    return stranded.isEmpty();
  }

  private boolean isIdle(int index) {
    Call call = calls.get(index);
    return !call.isRead() && call.outcome() == Call.Outcome.UNKNOWN && !isSeen[index];
  }

  private static int stateAfter(int index) {
    return index + 1;
  }

  private boolean hasTokens() {
    for (int i = 0; i < calls.size(); i++) {
      Call call = calls.get(i);
      boolean isNew = call.isRead() || writers.put(call.value().orElseThrow(), i) == null;
      if (!isNew) {
        return false;
      }
    }
    String last = null;
    for (String token : writers.keySet()) {
      if (token.isEmpty() || (last != null && token.startsWith(last))) {
        return false;
      }
      last = token;
    }
    return true;
  }

  private void readOrder() {
    for (int i = 0; i < calls.size(); i++) {
      if (calls.get(i).isRead()) {
        readOrder(i);
      }
    }
  }

  private void readOrder(int read) {
    Optional<String> found = calls.get(read).value();
    String rest = found.orElse("");
    int state = INITIAL;
    isContradictory |= found.isPresent() && rest.isEmpty();
    while (!rest.isEmpty() && !isContradictory) {
      Map.Entry<String, Integer> token = writers.floorEntry(rest);
      if (token == null || !rest.startsWith(token.getKey())) {
        isContradictory = true;
      } else {
        link(state, token.getValue());
        state = stateAfter(token.getValue());
        rest = rest.substring(token.getKey().length());
      }
    }
    seenState[read] = state;
    readers.get(state).set(read);
    if (state != INITIAL) {
      order.add(new int[] {state - 1, read});
    }
  }

  /** A read has seen {@code write} right after {@code state}; a put only begins a value. */
  private void link(int state, int write) {
    isSeen[write] = true;
    if (calls.get(write).kind() == Call.Kind.PUT) {
      isContradictory |= state != INITIAL;
      return;
    }
    boolean isNews = before[write] == ANY && after[state] == ANY;
    isContradictory |= !isNews && (before[write] != state || after[state] != write);
    before[write] = state;
    after[state] = write;
    if (isNews && state != INITIAL) {
      order.add(new int[] {state - 1, write});
    }
  }

  /** What comes before something is not later than it, and what comes after is not earlier. */
  private void tightenTimes() {
    for (int i = 0; i < by.length; i++) {
      boolean isUnknown = calls.get(i).outcome() == Call.Outcome.UNKNOWN;
      by[i] = isUnknown ? Call.OPEN : calls.get(i).returned();
      addReadersBefore(i);
    }
    boolean hasChanged = !isContradictory;
    while (hasChanged) {
      hasChanged = false;
      for (int[] pair : order) {
        hasChanged |= tighten(pair[0], pair[1]);
      }
    }
    for (int i = 0; i < by.length; i++) {
      isContradictory |= from[i] > by[i];
    }
  }

  /** Who saw the state before an append did so before the append. */
  private void addReadersBefore(int write) {
    if (before[write] != ANY) {
      readers.get(before[write]).stream().forEach(read -> order.add(new int[] {read, write}));
    }
  }

  private boolean tighten(int first, int second) {
    boolean hasChanged = from[second] < from[first] || by[first] > by[second];
    from[second] = Math.max(from[second], from[first]);
    by[first] = Math.min(by[first], by[second]);
    return hasChanged;
  }
}
