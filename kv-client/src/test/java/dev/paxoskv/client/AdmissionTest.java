package dev.paxoskv.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdmissionTest {
  @Test
  void letsInAsManyOperationsAsTheLimit() {
    Admission admission = new Admission(2, 100);
    assertThat(admission.enter(1)).isEmpty();
    assertThat(admission.enter(1)).isEmpty();
    assertThat(admission.enter(1))
        .hasValueSatisfying(why -> assertThat(why).contains("2 operations"));
    admission.leave(1);
    assertThat(admission.enter(1)).isEmpty();
  }

  @Test
  void letsInAsManyBytesAsTheLimit() {
    Admission admission = new Admission(10, 100);
    assertThat(admission.enter(99)).isEmpty();
    assertThat(admission.enter(2)).hasValueSatisfying(why -> assertThat(why).contains("100 bytes"));
    assertThat(admission.enter(1)).isEmpty();
    admission.leave(99);
    assertThat(admission.enter(99)).isEmpty();
  }
}
