package dev.paxoskv.server.door.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VisitorsTest {
  private final Visitors visitors = new Visitors(3);

  @Test
  void theLongestIdleOneMakesRoom() {
    EmbeddedChannel first = enter();
    EmbeddedChannel second = enter();
    EmbeddedChannel third = enter();
    visitors.asked(first);
    EmbeddedChannel fourth = enter();
    assertThat(first.isOpen()).isTrue();
    assertThat(second.isOpen()).isFalse();
    assertThat(third.isOpen()).isTrue();
    enter();
    assertThat(third.isOpen()).isFalse();
    assertThat(fourth.isOpen()).isTrue();
  }

  @Test
  void whoeverHasAskedStays() {
    for (int i = 0; i < 3; i++) {
      visitors.asked(enter());
    }
    assertThat(visitors.enter(new EmbeddedChannel())).isFalse();
  }

  @Test
  void whoeverHasTheAnswerMakesRoom() {
    EmbeddedChannel first = enter();
    for (EmbeddedChannel each : List.of(first, enter(), enter())) {
      visitors.asked(each);
    }
    visitors.answered(first);
    enter();
    assertThat(first.isOpen()).isFalse();
  }

  @Test
  void whoeverLeavesMakesRoom() {
    EmbeddedChannel first = enter();
    EmbeddedChannel second = enter();
    visitors.asked(first);
    first.close();
    EmbeddedChannel third = enter();
    enter();
    assertThat(second.isOpen()).isTrue();
    assertThat(third.isOpen()).isTrue();
  }

  @Test
  void whoeverLeavesLeavesNothingBehind() {
    EmbeddedChannel gone = enter();
    assertThat(gone.runScheduledPendingTasks()).as("has some time").isPositive();
    // The channel's own close would end all timers, as no real one does.
    gone.pipeline().close();
    assertThat(gone.runScheduledPendingTasks()).as("nothing is left to do").isEqualTo(-1);
  }

  @Test
  void nobodyStaysForEver() {
    EmbeddedChannel slow = enter();
    slow.advanceTimeBy(Visitors.STAY_SECONDS, TimeUnit.SECONDS);
    slow.runScheduledPendingTasks();
    assertThat(slow.isOpen()).isFalse();
  }

  private EmbeddedChannel enter() {
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.freezeTime();
    assertThat(visitors.enter(channel)).isTrue();
    return channel;
  }
}
