package dev.paxoskv.paxos;

import dev.paxoskv.paxos.protocol.members.Members;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log for whom a peer waits that may not vote yet, and when it may at last. */
final class WaitingLine {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingLine.class);
  private static final int EVERY_TICKS = 500;

  private final Members members;
  private int ticks;
  private boolean hasSaidSo;

  WaitingLine(Members members) {
    this.members = members;
  }

  void tick() {
    List<Integer> awaited = members.waitingFor();
    if (awaited.isEmpty()) {
      if (hasSaidSo) {
        LOG.info("enough peers know this one: it votes from now on");
        hasSaidSo = false;
      }
      return;
    }
    ticks++;
    if (ticks % EVERY_TICKS == 1) {
      LOG.info("may not vote before more peers know this start of it; waits for {}", awaited);
      hasSaidSo = true;
    }
  }
}
