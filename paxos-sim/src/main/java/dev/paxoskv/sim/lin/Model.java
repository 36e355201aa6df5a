package dev.paxoskv.sim.lin;

import java.util.BitSet;

/** What one key may hold, by number, and how calls change it. */
interface Model {

  /** The call cannot come at this point. */
  int IMPOSSIBLE = -1;

  /** The state before all calls. */
  int INITIAL = 0;

  /** The state after the call {@code index} in {@code state}, or {@link #IMPOSSIBLE}. */
  int step(int state, int index);

  /** False only if leaving {@code state} by a write would strand a read that is not placed yet. */
  boolean mayLeave(int state, BitSet placed);
}
