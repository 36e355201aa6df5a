package dev.paxoskv.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class AllocationTest {
  @Test
  void sumsUpWhatTheThreadsSayInAnyUnit() {
    String threads = """
        "main" #1 prio=5 elapsed=3.1s allocated=1536B defined_classes=3 tid=0x1
        "loop" #2 prio=5 elapsed=3.1s allocated=12.5M defined_classes=0 tid=0x2
        "VM Thread" elapsed=3.1s tid=0x3
        """;
    assertThat(Allocation.sum(threads)).isEqualTo(1536 + (long) (12.5 * (1 << 20)));
  }

  @Test
  void asksAnotherProcess() throws IOException {
    assertThat(Allocation.of(ProcessHandle.current().pid())).isGreaterThan(1 << 20);
  }

  @Test
  void whatWasUsedIsTheDifference() throws IOException {
    Usage before = Usage.now(java.util.List.of(), java.util.List.of());
    Usage used = Usage.now(java.util.List.of(), java.util.List.of()).since(before);
    assertThat(used.client()).isBetween(0L, 10_000_000L);
    assertThat(used.servers()).isZero();
    assertThat(before.machine()).isGreaterThanOrEqualTo(before.client());
  }
}
