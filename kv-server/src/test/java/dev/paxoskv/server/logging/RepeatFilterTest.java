package dev.paxoskv.server.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class RepeatFilterTest {
  private final LoggerContext context = new LoggerContext();
  private final Logger log = context.getLogger("a");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private long nanos = -5;

  @BeforeEach
  void listen() {
    lines.addFilter(new RepeatFilter(() -> nanos));
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.INFO);
    lines.start();
    log.addAppender(lines);
  }

  @Test
  void aLineThatRepeatsItselfIsSaidAFewTimesAMinute() {
    for (int i = 0; i < 100; i++) {
      log.warn("closed {}: {}", "client " + i, "why");
    }
    assertThat(said()).hasSize(RepeatFilter.LINES).last().isEqualTo("closed client 19: why");

    nanos += TimeUnit.SECONDS.toNanos(59);
    log.warn("closed {}: {}", "another", "why");
    assertThat(said()).hasSize(RepeatFilter.LINES);

    nanos += TimeUnit.SECONDS.toNanos(1);
    log.warn("closed {}: {}", "the last", "why");
    assertThat(said()).hasSize(RepeatFilter.LINES + 1).endsWith("closed the last: why leftOut=81");
  }

  @Test
  void otherLinesAreNotHeldUp() {
    for (int i = 0; i < 100; i++) {
      log.warn("one");
    }
    log.info("another");
    context.getLogger("a.b").warn("one");
    assertThat(said()).hasSize(RepeatFilter.LINES + 2).contains("another");
  }

  @Test
  void whatIsNotSaidDoesNotCount() {
    for (int i = 0; i < 100; i++) {
      log.debug("a detail");
    }
    log.setLevel(Level.DEBUG);
    log.debug("a detail");
    assertThat(said()).containsExactly("a detail");
  }

  @Test
  void aHundredThousandKindsDoNotStay() {
    for (int i = 0; i < 100_000; i++) {
      log.info("pasted together " + i);
    }
    assertThat(said()).hasSize(100_000);
  }

  private List<String> said() {
    return lines.list.stream().map(RepeatFilterTest::line).toList();
  }

  private static String line(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    String more = pairs == null ? "" : " " + pairs.get(0).key + "=" + pairs.get(0).value;
    return event.getFormattedMessage() + more;
  }
}
