package dev.paxoskv.server;

import dev.paxoskv.server.backup.BackupFile;
import dev.paxoskv.server.backup.Restore;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** Makes a data directory of a backup. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes the data directory of one server of a new cluster out of a backup, and ends. The"
          + " servers of the new cluster are restored one by one, all from the same file, with the"
          + " same --peers and each with its own --me; then they are started with the same flags.",
      "The first restore draws the id of the new cluster and prints it; the others are given it."
          + " Servers with different ids do not talk to each other."
    })
final class RestoreCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else happens
  private KvServerCommand server;

  @Parameters(paramLabel = "FILE", description = "What kv backup has written.")
  @SuppressWarnings("NullAway.Init")
  private Path file;

  @Option(
      names = "--cluster-id",
      paramLabel = "ID",
      description = "What the first restore has printed; not for the first.")
  private Optional<String> clusterId = Optional.empty();

  @Override
  public Integer call() {
    KvServerConfig config = server.config();
    if (config.dataDir().isEmpty()) {
      System.err.println("kv-server: a backup cannot be restored with --in-memory");
      return CommandLine.ExitCode.USAGE;
    }
    Path directory = config.dataDir().get();
    Restore.Target target = new Restore.Target(config.peers(), config.me(), clusterId);
    try (BackupFile backup = BackupFile.open(file)) {
      String cluster = new Restore(backup, target, new SecureRandom()).into(directory);
      System.out.println("restored " + backup.describe());
      System.out.println("into " + directory + ", for server " + config.me() + " of "
          + config.peers().size() + " of cluster " + cluster);
      if (clusterId.isEmpty() && config.peers().size() > 1) {
        System.out.println("restore the other servers with --cluster-id=" + cluster);
      }
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      System.err.println("kv-server: nothing was restored: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
