package dev.paxoskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class FileLimitTest {
  private static String limits(String files) {
    return """
        Limit                     Soft Limit           Hard Limit           Units
        Max resident set          unlimited            unlimited            bytes
        Max open files            %-20s 1048576              files
        Max locked memory         8388608              8388608              bytes
        """.formatted(files);
  }

  @Test
  void aLimitThatClientsCouldReachIsToldOf() {
    assertThat(FileLimit.warning(limits("5119"), 1).orElseThrow())
        .contains("may open 5119 files", "raise that to 5120");
    assertThat(FileLimit.warning(limits("5120"), 1)).isEmpty();
    assertThat(FileLimit.warning(limits("5120"), 2).orElseThrow()).contains("to 9216");
  }

  @Test
  void nothingIsSaidOfWhatIsNotKnown() {
    assertThat(FileLimit.warning(limits("unlimited"), 2)).isEmpty();
    assertThat(FileLimit.warning("", 2)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theSystemSaysIt() {
    assertThat(Path.of("/proc/self/limits"))
        .content()
        .containsPattern("(?m)^Max open files\\s+(\\d+|unlimited)\\s");
  }
}
