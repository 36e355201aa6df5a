package dev.paxoskv.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much heap the threads of another Java process have asked for since they began. */
final class Allocation {
  private static final Pattern EACH = Pattern.compile(" allocated=([0-9.]+)([BKMGT]) ");
  private static final String UNITS = "BKMGT";

  private Allocation() {}

  /** In bytes, to the digits that the other one prints: four of them. */
  static long of(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process = new ProcessBuilder(jcmd, Long.toString(pid), "Thread.print", "-e").start();
    return sum(new String(process.getInputStream().readAllBytes(), UTF_8));
  }

  static long sum(String threads) {
    long bytes = 0;
    Matcher each = EACH.matcher(threads);
    while (each.find()) {
      bytes +=
          (long) (Double.parseDouble(each.group(1)) * Math.pow(1024, UNITS.indexOf(each.group(2))));
    }
    return bytes;
  }
}
