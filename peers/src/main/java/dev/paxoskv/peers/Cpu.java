package dev.paxoskv.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** CPU time that processes have used, from the kernel's own account. */
final class Cpu {
  /** The kernel tells user space about time in hundredths of a second. */
  private static final long TICK_MICROS = 10_000;

  private static final int USER = 11;
  private static final int SYSTEM = 12;

  private Cpu() {}

  static long micros(List<Long> pids) throws IOException {
    long ticks = 0;
    for (long pid : pids) {
      String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // Behind the name, which is in brackets and may contain anything.
      String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
      ticks += Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
    }
    return ticks * TICK_MICROS;
  }
}
