package dev.paxoskv.server.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.server.machine.KvStateMachine.SessionLimits;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The session table answers as a model does that remembers every write for ever. */
class SessionsModelTest {
  private static final int STEPS = 400;

  private record Write(SessionId session, long number) {}

  /** Nothing is ever dropped here; what is acknowledged is worked out when it is asked. */
  private static final class Model {
    final Map<Write, Result> results = new HashMap<>();
    final Map<SessionId, Long> acknowledged = new HashMap<>();

    void acknowledge(SessionId session, long number) {
      acknowledged.merge(session, number, Math::max);
    }

    long low(SessionId session) {
      return acknowledged.getOrDefault(session, 0L);
    }

    boolean isRefused(SessionId session, long number) {
      return number <= low(session) || number > low(session) + Limit.SESSION_WINDOW_VALUE;
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, 200);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithTheModel(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    Sessions sessions = new Sessions(SessionLimits.STORE);
    Model model = new Model();
    int again = 0;
    int refused = 0;
    for (int i = 0; i < STEPS; i++) {
      // Numbers rise with time, but come in any order and often twice; a few at the window's edge.
      SessionId session = new SessionId(dice.nextInt(2), dice.nextInt(2));
      long number = 1L + Math.max(0, i / 8 + dice.nextInt(-15, 16));
      long acknowledged = Math.max(0, number - 1 - dice.nextInt(30));
      if (!sessions.use(session)) {
        sessions.open(session, ended -> {});
      }
      sessions.acknowledge(session, acknowledged);
      model.acknowledge(session, acknowledged);
      if (dice.nextInt(10) == 0) {
        number = model.low(session) + Limit.SESSION_WINDOW_VALUE + dice.nextInt(3) - 1;
      }
      Optional<Result> instead = sessions.answerInstead(session, number);
      Write write = new Write(session, number);
      if (model.isRefused(session, number)) {
        refused++;
        assertThat(instead.orElseThrow())
            .as("seed %d, step %d", seed, i)
            .isInstanceOfSatisfying(
                Result.Refused.class, refusal -> assertThat(refusal.isFinal()).isFalse());
      } else {
        again += instead.isPresent() ? 1 : 0;
        assertThat(instead)
            .as("seed %d, step %d: %s", seed, i, write)
            .isEqualTo(Optional.ofNullable(model.results.get(write)));
        Result result = new Result.Refused("stands for the effect of step " + i, true);
        if (instead.isEmpty()) {
          sessions.applied(session, number, result);
          model.results.put(write, result);
        }
      }
    }
    assertThat(again).as("seed %d: writes answered again", seed).isPositive();
    assertThat(refused).as("seed %d: writes refused", seed).isPositive();
  }
}
