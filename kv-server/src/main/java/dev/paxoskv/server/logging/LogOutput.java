package dev.paxoskv.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Where the program's log goes: to standard error, one line an event. Said in code and not in a
 * file: a file in this jar would have its say in programs that embed a server, and takes longer to
 * read. Logback makes one of these before anything is logged, wherever this jar is.
 */
public final class LogOutput extends ContextAwareBase implements Configurator {
  /** Logback's own way to name another configuration. */
  private static final String ANOTHER = "logback.configurationFile";

  private static final String LINE =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level" + " %msg%replace( %kvp){'^ $',''}%n%ex{short}";

  private static volatile boolean isProgram;

  /** This process is the program, and not one that embeds a server. To be called first of all. */
  public static void begin() {
    isProgram = true;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (!isProgram || System.getProperty(ANOTHER) != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(toStandardError(context));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
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
