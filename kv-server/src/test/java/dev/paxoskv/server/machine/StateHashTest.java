package dev.paxoskv.server.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StateHashTest {
  /** Servers of two builds compare their hashes, so each step is pinned; worked out elsewhere. */
  @Test
  void isTheSameInEveryBuild() {
    StateHash hash = new StateHash();
    List<Long> seen = new ArrayList<>();
    hash.add("abc".getBytes(UTF_8));
    seen.add(hash.value());
    for (Result result : List.of(Result.APPLIED, new Result.Refused("why", true))) {
      hash.add(result);
      seen.add(hash.value());
    }
    assertThat(seen).containsExactly(0x73543775984c5af9L, 0x4a07413026ab84cbL, 0x67d218727aeda23aL);
  }
}
