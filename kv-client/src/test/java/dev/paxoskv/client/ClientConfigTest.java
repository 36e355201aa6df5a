package dev.paxoskv.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientConfigTest {
  private static final ClientConfig CONFIG = ClientConfig.of(List.of("h:1"));

  @Test
  void waitsTenSecondsUnlessTold() {
    assertThat(CONFIG.timeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(CONFIG.tryTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(CONFIG.withTimeout(Duration.ofMillis(400)).tryTimeout())
        .isEqualTo(Duration.ofMillis(100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "h", "h:", ":1", "h:65536", "h:0", "a b:1", "::1:5", "h:-1"})
  void refusesWhatIsNoAddress(String server) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientConfig.of(List.of("h:1", server)))
        .withMessageContaining("'" + server + "'");
  }

  @Test
  void refusesNoServers() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientConfig.of(List.of()))
        .withMessageContaining("at least one");
  }

  @Test
  void boundsTheTimeout() {
    Duration least = Duration.ofMillis(1);
    Duration most = Duration.ofHours(24);
    assertThat(CONFIG.withTimeout(least).timeout()).isEqualTo(least);
    assertThat(CONFIG.withTimeout(most).timeout()).isEqualTo(most);
    assertThatIllegalArgumentException().isThrownBy(() -> CONFIG.withTimeout(least.minusNanos(1)));
    assertThatIllegalArgumentException().isThrownBy(() -> CONFIG.withTimeout(most.plusNanos(1)));
  }

  @Test
  void aTimeoutThatIsTooLongForMillisecondsIsSaidInSeconds() {
    for (long seconds : new long[] {Long.MAX_VALUE, -Long.MAX_VALUE}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> CONFIG.withTimeout(Duration.ofSeconds(seconds)))
          .withMessage("a timeout of " + seconds + " s is not between 1 ms and 24 h");
    }
  }
}
