package dev.paxoskv.server;

import dev.paxoskv.paxos.net.NettyTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many files this process may open, of which each connection is one. A server that cannot open
 * a file of its log, as connections have used up all that it may, stops for safety.
 */
final class FileLimit {
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final Pattern SOFT = Pattern.compile("(?m)^Max open files\\s+(\\d{1,18})\\s");

  /** For files, servers, operators, and whoever has not said yet what it is. */
  private static final long OTHERS = 1024;

  private FileLimit() {}

  /**
   * A warning, if so many doors for clients could use up what this process may open; empty, too,
   * where the system does not say that.
   */
  static Optional<String> warning(int doors) {
    try {
      return warning(Files.readString(LIMITS), doors);
    } catch (IOException e) {
      // No Linux, or one without /proc: nobody can say.
      return Optional.empty();
    }
  }

  /** The same of what Linux says in {@code limits}. */
  static Optional<String> warning(String limits, int doors) {
    long wanted = (long) doors * NettyTransport.CONNECTIONS_MAX + OTHERS;
    Matcher soft = SOFT.matcher(limits);
    return soft.find() && Long.parseLong(soft.group(1)) < wanted
        ? Optional.of("this process may open " + soft.group(1) + " files, connections among them;"
            + " with many clients a server that cannot open one stops: raise that to " + wanted
            + " (ulimit -n, LimitNOFILE=)")
        : Optional.empty();
  }
}
