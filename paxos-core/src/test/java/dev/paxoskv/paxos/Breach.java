package dev.paxoskv.paxos;

/** A rule that a source breaks, and where. */
record Breach(String path, long line, String rule, String found, String limit) {
  @Override
  public String toString() {
    return path + ":" + line + " " + rule + ": found " + found + ", limit " + limit;
  }
}
