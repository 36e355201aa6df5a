package dev.paxoskv.server;

import dev.paxoskv.paxos.identity.IdentityFile;
import dev.paxoskv.paxos.journal.Inspect;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.server.backup.BackupFile;
import dev.paxoskv.server.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints a data directory, or a backup, for people. Changes nothing. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Prints what a data directory, or a backup, holds; changes nothing.")
final class InspectCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "DIR|FILE",
      description = "The data directory of a server, or what kv backup has written.")
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else happens
  private Path directory;

  @Override
  public Integer call() {
    if (Files.isRegularFile(directory)) {
      return inspectBackup();
    }
    if (!Files.isDirectory(directory)) {
      System.err.println("kv-server: " + directory + " is not a directory");
      return CommandLine.ExitCode.USAGE;
    }
    try (FileDisk disk = FileDisk.forReading(directory)) {
      IdentityFile.describe(disk).forEach(System.out::println);
      new SnapshotStore(disk).describe().forEach(System.out::println);
      Inspect.describe(disk).forEach(System.out::println);
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      System.err.println("kv-server: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private int inspectBackup() {
    try (BackupFile backup = BackupFile.open(directory)) {
      System.out.println(backup.describe());
      return CommandLine.ExitCode.OK;
    } catch (IOException e) {
      System.err.println("kv-server: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }
}
