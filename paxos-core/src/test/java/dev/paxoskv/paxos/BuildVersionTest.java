package dev.paxoskv.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BuildVersionTest {
  @Test
  void whatTheBuildDidNotKnowIsLeftOut() {
    assertThat(BuildVersion.withoutBlank("1.0 (a86c63c)")).isEqualTo("1.0 (a86c63c)");
    assertThat(BuildVersion.withoutBlank("1.0 (${git.commit.id.abbrev})")).isEqualTo("1.0");
  }

  @Test
  void classesOfADirectoryHaveNone() {
    assertThat(BuildVersion.of(BuildVersion.class)).isEqualTo("(not packaged)");
  }
}
