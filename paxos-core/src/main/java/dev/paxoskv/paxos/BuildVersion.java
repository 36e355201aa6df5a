package dev.paxoskv.paxos;

import java.util.Optional;

/** Which build a program is of. */
public final class BuildVersion {
  private BuildVersion() {}

  /**
   * Version and commit as the build has written them into the program that {@code type} came with,
   * like {@code 1.0.0 (a86c63c)}; without the commit if it was not built from a repository.
   */
  public static String of(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion())
        .map(BuildVersion::withoutBlank)
        .orElse("(not packaged)");
  }

  /** What the build did not know it has left as it was. */
  static String withoutBlank(String version) {
    int blank = version.indexOf(" (${");
    return blank < 0 ? version : version.substring(0, blank);
  }
}
