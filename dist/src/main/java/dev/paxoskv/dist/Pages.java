package dev.paxoskv.dist;

import dev.paxoskv.client.cli.KvCommand;
import dev.paxoskv.server.KvServerCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * Writes manual pages and completion of both programs, from the same description of their commands
 * that {@code --help} prints. Arguments: the directory, the version, the date of the build.
 */
final class Pages {
  private static final String ASCIIDOC = "adoc";

  private Pages() {}

  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    String date = OffsetDateTime.parse(args[2])
        .withOffsetSameInstant(ZoneOffset.UTC)
        .toLocalDate()
        .toString();
    List<CommandSpec> programs = programs();
    completion(directory.resolve("share/bash-completion/completions"), programs);
    asciiDoc(directory.resolve(ASCIIDOC), programs, "PaxosKV " + args[1]);
    manual(directory.resolve(ASCIIDOC), directory.resolve("share/man/man1"), date);
  }

  static List<CommandSpec> programs() {
    return List.of(KvCommand.spec(), new CommandLine(new KvServerCommand()).getCommandSpec());
  }

  private static void completion(Path directory, List<CommandSpec> programs) throws IOException {
    Files.createDirectories(directory);
    for (CommandSpec program : programs) {
      String script = AutoComplete.bash(program.name(), program.commandLine());
      Files.writeString(directory.resolve(program.name()), script);
    }
  }

  private static void asciiDoc(Path directory, List<CommandSpec> programs, String source)
      throws IOException {
    Files.createDirectories(directory);
    for (CommandSpec program : programs) {
      int failed = ManPageGenerator.generateManPage(
          directory.toFile(), null, new boolean[] {false}, true, program);
      if (failed != CommandLine.ExitCode.OK) {
        throw new IOException("no manual pages of " + program.name() + ": " + failed);
      }
    }
    for (Path page : pages(directory)) {
      String text = Files.readString(page)
          .replaceFirst("(?m)^:mansource: .*$", ":mansource: " + source)
          .replaceFirst("(?m)^:manmanual: .*$", ":manmanual: PaxosKV");
      Files.writeString(page, asMeant(text));
    }
  }

  /**
   * Two ways to call a command are two lines, two dashes are not one long one, and a heading has no
   * colon behind it.
   */
  static String asMeant(String page) {
    return page.replaceFirst("(== Synopsis\n\n[^\n]+)\n([^\n]+\n\n)", "$1 +\n$2")
        .replace(" -- ", " +--+ ")
        .replaceAll("(?m)^(== .*):$", "$1");
  }

  private static List<Path> pages(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith("." + ASCIIDOC))
          .sorted()
          .toList();
    }
  }

  /** The date is the build's, so that two builds of one commit are the same. */
  private static void manual(Path asciiDoc, Path directory, String date) throws IOException {
    Files.createDirectories(directory);
    Options options = Options.builder()
        .backend("manpage")
        .safe(SafeMode.UNSAFE)
        .toDir(directory.toFile())
        .attributes(Attributes.builder().attribute("docdate", date).build())
        .build();
    try (Asciidoctor asciidoctor = Asciidoctor.Factory.create()) {
      for (Path page : pages(asciiDoc)) {
        asciidoctor.convertFile(page.toFile(), options);
      }
    }
  }
}
