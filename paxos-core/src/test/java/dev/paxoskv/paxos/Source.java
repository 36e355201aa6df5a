package dev.paxoskv.paxos;

/** One text file of the repository, by its path from the root with forward slashes. */
record Source(String path, String text) {
  boolean isJava() {
    return path.endsWith(".java");
  }

  boolean isTest() {
    return path.contains("/src/test/");
  }

  boolean isPackageInfo() {
    return path.endsWith("/package-info.java");
  }

  String directory() {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }
}
