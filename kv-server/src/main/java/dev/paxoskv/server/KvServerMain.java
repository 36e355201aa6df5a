package dev.paxoskv.server;

import dev.paxoskv.server.logging.LogOutput;

/** Where the program begins: what must be said before any other class is loaded. */
public final class KvServerMain {
  /** Netty's own switch: to tell the JDK of its events takes a tenth of a start. */
  private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

  private KvServerMain() {}

  public static void main(String[] args) {
    LogOutput.begin();
    if (System.getProperty(NETTY_EVENTS) == null) {
      System.setProperty(NETTY_EVENTS, "false");
    }
    System.exit(KvServerCommand.run(System.getenv(), args));
  }
}
