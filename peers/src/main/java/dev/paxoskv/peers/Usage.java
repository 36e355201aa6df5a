package dev.paxoskv.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What has been used up so far, from the kernel's own account. Times are microseconds of CPU.
 *
 * @param client this process
 * @param servers the servers of the system that has its turn
 * @param clientCompilers the client's threads that compile Java; they count in {@code client} too
 * @param serverCompilers the servers' alike
 * @param idle the processes of all other systems
 * @param machine everything, since the machine's start
 * @param flushes of all disks, since the machine's start
 */
public record Usage(
    long client,
    long servers,
    long clientCompilers,
    long serverCompilers,
    long idle,
    long machine,
    long flushes) {

  /** The kernel tells user space about time in hundredths of a second. */
  private static final long TICK_MICROS = 10_000;

  private static final int USER = 11;
  private static final int SYSTEM = 12;

  /** In the line of all processors: user, nice, system, interrupts, and what the host took away. */
  private static final List<Integer> BUSY = List.of(1, 2, 3, 6, 7, 8);

  private static final int FLUSHES = 18;

  static Usage now(List<Long> servers, List<Long> idle) throws IOException {
    List<Long> own = List.of(ProcessHandle.current().pid());
    return new Usage(
        processes(own),
        processes(servers),
        compilers(own),
        compilers(servers),
        processes(idle),
        busy(),
        flushed());
  }

  Usage since(Usage before) {
    return new Usage(
        client - before.client,
        servers - before.servers,
        // A thread that has ended takes its time along.
        Math.max(0, clientCompilers - before.clientCompilers),
        Math.max(0, serverCompilers - before.serverCompilers),
        idle - before.idle,
        machine - before.machine,
        flushes - before.flushes);
  }

  /** CPU time of processes. */
  public static long processes(List<Long> pids) throws IOException {
    long micros = 0;
    for (long pid : pids) {
      micros += micros(Path.of("/proc/" + pid + "/stat"));
    }
    return micros;
  }

  private static long compilers(List<Long> pids) throws IOException {
    long micros = 0;
    for (long pid : pids) {
      try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
        for (Path thread : threads.toList()) {
          micros += isCompiler(thread) ? micros(thread.resolve("stat")) : 0;
        }
      }
    }
    return micros;
  }

  private static boolean isCompiler(Path thread) throws IOException {
    try {
      return Files.readString(thread.resolve("comm")).matches("C[12] Compiler[^\n]*\n");
    } catch (NoSuchFileException e) {
      // It has ended meanwhile, as some threads do.
      return false;
    }
  }

  private static long micros(Path stat) throws IOException {
    String line = Files.readString(stat);
    // Behind the name, which is in brackets and may contain anything.
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM])) * TICK_MICROS;
  }

  private static long busy() throws IOException {
    String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +", -1);
    return BUSY.stream().mapToLong(field -> Long.parseLong(fields[field])).sum() * TICK_MICROS;
  }

  private static long flushed() throws IOException {
    long flushes = 0;
    for (String line : Files.readAllLines(Path.of("/proc/diskstats"))) {
      String[] fields = line.strip().split(" +", -1);
      flushes += fields.length > FLUSHES ? Long.parseLong(fields[FLUSHES]) : 0;
    }
    return flushes;
  }
}
