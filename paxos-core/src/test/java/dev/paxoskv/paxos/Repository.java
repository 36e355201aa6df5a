package dev.paxoskv.paxos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds the hand-written sources; generated ones lie under target and are not looked at. */
final class Repository {
  private static final List<String> SOURCE_FOLDERS =
      List.of("src/main/java", "src/test/java", "src/main/protobuf");
  private static final List<String> SCRIPT_FOLDERS = List.of("scripts", ".ci");

  private Repository() {}

  static Path root() {
    Path start = Path.of("").toAbsolutePath();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("pom.xml"))
          && Files.isDirectory(folder.resolve("paxos-core"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no repository root at or above " + start);
  }

  static List<Source> sources(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path module : list(root)) {
      for (String folder : SOURCE_FOLDERS) {
        files.addAll(filesUnder(module.resolve(folder)));
      }
    }
    for (String folder : SCRIPT_FOLDERS) {
      files.addAll(filesUnder(root.resolve(folder)));
    }
    List<Source> sources = new ArrayList<>();
    for (Path file : files) {
      String path = root.relativize(file).toString().replace('\\', '/');
      sources.add(new Source(path, Files.readString(file)));
    }
    return sources;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> children = Files.list(folder)) {
      return children.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static List<Path> filesUnder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
