package dev.paxoskv.paxos.protocol.roles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waits double, are capped, never zero, and differ from try to try. */
class RetryTest {
  private final Retry retry = new Retry(new SplittableRandom(42));

  @ParameterizedTest(name = "attempt {0}")
  @CsvSource({"0,10,20", "1,20,40", "2,40,80", "3,40,80", "1000000,40,80", "2147483647,40,80"})
  void silence(int attempt, long least, long most) {
    TreeSet<Long> seen = new TreeSet<>();
    for (int i = 0; i < 5000; i++) {
      seen.add(retry.afterSilence(attempt));
    }
    assertThat(seen.first()).isEqualTo(least);
    assertThat(seen.last()).isEqualTo(most);
  }

  @ParameterizedTest(name = "attempt {0}")
  @CsvSource({"0,2", "1,4", "2,8", "3,16", "4,32", "5,40", "6,40", "2147483647,40"})
  void refusal(int attempt, long most) {
    TreeSet<Long> seen = new TreeSet<>();
    for (int i = 0; i < 5000; i++) {
      seen.add(retry.afterRefusal(attempt));
    }
    assertThat(seen.first()).isEqualTo(1);
    assertThat(seen.last()).isEqualTo(most);
  }
}
