package dev.paxoskv.paxos.journal.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldDirectoryTest {
  @TempDir
  Path temp;

  /** Else power that fails takes the directory, with all that was synced in it. */
  @Test
  void theNameOfEachDirectoryThatIsMadeIsSynced() throws IOException {
    Path deep = temp.resolve("a/b/c");
    List<String> events = new ArrayList<>();
    HeldDirectory.make(
        deep, synced -> events.add(temp.relativize(synced) + " with " + names(synced)));
    assertThat(events).containsExactly(" with [a]", "a with [b]", "a/b with [c]");
    assertThat(deep).isDirectory();
    HeldDirectory.make(deep, synced -> events.add("again"));
    assertThat(events).as("what is there needs nothing").hasSize(3);
  }

  /** Servers that are started at once make the directory above theirs at once. */
  @Test
  void whatAnotherServerMakesMeanwhileIsSyncedAllTheSame() throws IOException {
    Path deep = temp.resolve("a/b");
    List<Path> synced = new ArrayList<>();
    HeldDirectory.make(deep, directory -> {
      synced.add(directory);
      Files.createDirectories(deep);
    });
    assertThat(synced).containsExactly(temp, temp.resolve("a"));
  }

  private static List<String> names(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Test
  void whatCannotBeADirectoryIsSaidInWords() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("nowhere"));
    assertThatThrownBy(() -> FileDisk.open(link))
        .hasMessage("the data directory " + link + " cannot be used: " + link
            + ": it is a link that leads nowhere");
    Path file = Files.createFile(temp.resolve("file"));
    assertThatThrownBy(() -> FileDisk.open(file.resolve("below")))
        .hasMessageContaining("cannot be used: " + file + ": it is a file");
  }

  @Test
  void aLockThatIsNoFileIsSaidInWords() throws Exception {
    Path directory = Files.createDirectories(temp.resolve("directory/lock"));
    Path fifo = Files.createDirectory(temp.resolve("other")).resolve("lock");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    for (Path lock : List.of(directory, fifo)) {
      Path above = lock.resolveSibling("").toAbsolutePath().normalize();
      assertThatThrownBy(() -> FileDisk.open(above))
          .hasMessageStartingWith("the data directory " + above + " cannot be used: ")
          .hasMessageEndingWith("lock: it is no regular file, which a server needs for its lock");
    }
  }
}
