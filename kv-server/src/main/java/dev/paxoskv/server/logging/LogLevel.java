package dev.paxoskv.server.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much the log says. */
public enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG;

  /** From now on in this process; without effect if it logs in another way than by Logback. */
  public void apply() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.valueOf(name()));
    }
  }

  /** As it is written in a flag. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
