package dev.paxoskv.server.sim;

import static dev.paxoskv.server.sim.StoreSim.MILLI;
import static dev.paxoskv.server.sim.StoreSim.SECOND;

import dev.paxoskv.client.NotAppliedException;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.server.machine.Commands;
import dev.paxoskv.server.machine.KvStateMachine.SessionLimits;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.service.ReplyTo;
import dev.paxoskv.sim.check.Oracle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/**
 * A client whose connections break every few milliseconds, in a store where others open sessions
 * all the time and few are kept: so its own ends again and again while a write is tried for the
 * second time. From a seed to how long that took, and what was wrong.
 */
final class SessionGale implements LongFunction<Map.Entry<Long, String>> {
  private static final int SERVERS = 3;
  private static final int APPENDS = 60;
  private static final SimLimits LIMITS =
      new SimLimits(new SessionLimits(3, SessionLimits.STORE.idleMillisMax()), 256);

  private static final ReplyTo NOBODY = new ReplyTo() {
    @Override
    public void completed(long number, Result result) {}

    @Override
    public void refused(long number, String reason) {}

    @Override
    public void retryLater(long number, String reason) {}

    @Override
    public boolean isOpen() {
      return true;
    }
  };

  private static final class Run {
    private final StoreSim sim;
    private int asked;

    Run(long seed) {
      sim = new StoreSim(SERVERS, seed, Oracle.ofMessages(SERVERS, List.of()), List.of(), LIMITS);
    }

    /** What is wrong; empty if nothing is. */
    String objection() {
      sim.run(2 * SECOND);
      sim.doors().behave(new SimDoors.Faults(2 * MILLI, 1, 0, 30 * MILLI, false));
      SimClerk clerk = sim.clerk(Duration.ofSeconds(2), 0, 1, 2);
      String[] outcomes = new String[APPENDS];
      for (int i = 0; i < APPENDS; i++) {
        CompletableFuture<Void> append = clerk.append("k", token(i));
        while (!append.isDone()) {
          openOne();
          sim.run(4 * MILLI);
        }
        outcomes[i] =
            append.handle((done, why) -> why == null ? "done" : "" + why).join();
      }
      sim.doors().behave(SimDoors.Faults.NONE);
      sim.run(3 * SECOND);
      String value = sim.await(sim.clerk(Duration.ofSeconds(5), 0).get("k"), 10 * SECOND);
      for (int i = 0; i < APPENDS; i++) {
        int times = value.split(Pattern.quote(token(i)), -1).length - 1;
        boolean isLie = times == 0
            ? outcomes[i].equals("done")
            : outcomes[i].contains(NotAppliedException.class.getSimpleName());
        if (times > 1 || isLie) {
          return "append " + i + ", " + outcomes[i] + ", is there " + times + " times: " + value;
        }
      }
      return "";
    }

    private void openOne() {
      Command open = Commands.open(++asked);
      SimServer server = sim.server(asked % SERVERS);
      server.input(() -> server.service().submit(open, open.toByteString(), NOBODY));
    }

    private static String token(int i) {
      return "(" + i + ")";
    }
  }

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    Run run = new Run(seed);
    String objection = run.objection();
    return Map.entry(
        run.sim.simulator().nowMicros(), objection.isEmpty() ? "" : "store: " + objection);
  }
}
