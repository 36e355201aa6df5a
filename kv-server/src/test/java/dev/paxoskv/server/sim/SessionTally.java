package dev.paxoskv.server.sim;

import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.machine.SessionId;

/** Passes on what was applied, and counts what became of sessions. */
final class SessionTally implements KvStateMachine.Listener {
  static final String OPENED = "sessions opened";
  static final String TOO_LATE = "writes of sessions that had ended";

  private final KvStateMachine.Listener listener;
  private final DiskTally tally;

  SessionTally(KvStateMachine.Listener listener, DiskTally tally) {
    this.listener = listener;
    this.tally = tally;
  }

  @Override
  public void completed(SessionId session, long number, Result result) {
    if (result instanceof Result.Opened) {
      tally.count(OPENED);
    } else if (result instanceof Result.Expired) {
      tally.count(TOO_LATE);
    }
    listener.completed(session, number, result);
  }

  @Override
  public void replaced() {
    listener.replaced();
  }
}
