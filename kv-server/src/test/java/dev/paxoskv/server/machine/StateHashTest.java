package dev.paxoskv.server.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StateHashTest {
  /** Servers of two builds compare their hashes, so each step is pinned; worked out elsewhere. */
  @Test
  void isTheSameInEveryBuild() {
    StateHash hash = new StateHash();
    List<Long> seen = new ArrayList<>();
    hash.add("abc".getBytes(UTF_8));
    seen.add(hash.value());
    for (Result result : List.of(
        Result.APPLIED,
        new Result.Found(Optional.of("x".getBytes(UTF_8))),
        new Result.Found(Optional.empty()),
        new Result.Refused("why", true))) {
      hash.add(result);
      seen.add(hash.value());
    }
    assertThat(seen)
        .containsExactly(
            0x73543775984c5af9L,
            0x4a07413026ab84cbL,
            0x874b3bad63fe99e2L,
            0x23d6b7891751d5edL,
            0x17bb5087fb825604L);
  }
}
