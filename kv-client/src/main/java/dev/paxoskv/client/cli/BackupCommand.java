package dev.paxoskv.client.cli;

import dev.paxoskv.client.backup.StoreBackup;
import dev.paxoskv.client.backup.StoreBackup.Fetched;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv backup}. */
@Command(
    name = "backup",
    description = {
      "Writes a backup of the whole store to FILE, while it is in use. Every write is in it that"
          + " was acknowledged before. The servers are asked in their order, until one gives it.",
      "--timeout is for how long a server may be silent, not how long it may take in all.",
      "kv-server restore makes a new cluster of FILE, and kv-server inspect shows what it holds."
    })
final class BackupCommand implements Callable<Integer> {
  private final KvCommand kv;

  @Parameters(paramLabel = "FILE", description = "Where to; there may be no such file yet.")
  private Path file = Path.of("");

  @Option(names = "--force", description = "Replaces FILE if it is there.")
  private boolean isForced;

  @Option(
      names = "--in-doubt",
      description = "Also from a server that knows that its state or another's is wrong, and not"
          + " which. Name that server alone with --servers.")
  private boolean isInDoubt;

  BackupCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() {
    if (isInDoubt && kv.config().servers().size() > 1) {
      throw new KvCommand.UsageException(
          "--in-doubt is about the state of one server: name it alone with --servers");
    }
    Bar bar = new Bar(System.nanoTime());
    Fetched fetched;
    try {
      StoreBackup backup = new StoreBackup(kv.config(), bar);
      fetched = (isInDoubt ? backup.evenInDoubt() : backup).to(file, isForced);
    } finally {
      bar.end();
    }
    kv.print("wrote " + file + ": " + fetched.bytes() + " bytes, up to instance "
        + fetched.applied() + ", state hash " + String.format("%016x", fetched.hash())
        + ", of cluster " + fetched.cluster());
    return kv.written();
  }

  /** On a terminal a line that changes; elsewhere nothing but what goes wrong. */
  private final class Bar implements StoreBackup.Progress {
    private static final int WIDTH = 30;
    private static final double MIB = 1 << 20;

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final long began;
    private long drawn;
    private boolean isOnLine;

    Bar(long began) {
      this.began = began;
      this.drawn = began - EVERY_NANOS;
    }

    @Override
    public void at(String server, long bytes, long bytesInAll) {
      long now = System.nanoTime();
      boolean isDue = now - drawn >= EVERY_NANOS || bytes == bytesInAll;
      if (kv.around().isTerminal() && isDue) {
        drawn = now;
        isOnLine = true;
        double seconds = Math.max(1, now - began) / 1e9;
        int full = (int) (WIDTH * (double) bytes / bytesInAll);
        kv.around()
            .err()
            .print(String.format(
                Locale.ROOT,
                "\r[%s%s] %3d %%  %.1f of %.1f MiB, %.1f MiB/s, from %s ",
                "#".repeat(full),
                ".".repeat(WIDTH - full),
                100 * bytes / bytesInAll,
                bytes / MIB,
                bytesInAll / MIB,
                bytes / MIB / seconds,
                server));
        kv.around().err().flush();
      }
    }

    @Override
    public void failed(String why) {
      end();
      if (kv.config().servers().size() > 1) {
        kv.progress("kv: " + why.replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?"));
      }
    }

    /** What comes next begins on a line of its own. */
    void end() {
      if (isOnLine) {
        kv.around().err().print("\n");
        isOnLine = false;
      }
    }
  }
}
