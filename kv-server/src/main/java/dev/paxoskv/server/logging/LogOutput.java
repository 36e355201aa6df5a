package dev.paxoskv.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.slf4j.LoggerFactory;

/**
 * Where the program's log goes: to standard error, one line an event. Said in code and not in a
 * file: a file in this jar would have its say in programs that embed a server.
 */
public final class LogOutput {
  /** Logback's own way to name another configuration. */
  private static final String ANOTHER = "logback.configurationFile";

  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level" + " %msg%replace( %kvp){'^ $',''}%n%ex{short}";

  private LogOutput() {}

  /** To be called before anything is logged. Without effect if another configuration is named. */
  public static void begin() {
    if (System.getProperty(ANOTHER) == null
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
      root.setLevel(Level.INFO);
      root.addAppender(toStandardError(context));
    }
  }

  private static ConsoleAppender<ILoggingEvent> toStandardError(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(LINE);
    encoder.start();
    RepeatFilter filter = new RepeatFilter();
    filter.setContext(context);
    filter.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.addFilter(filter);
    appender.start();
    return appender;
  }
}
