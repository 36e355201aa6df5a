package dev.paxoskv.server.service;

import dev.paxoskv.server.machine.Result;

/** Where the answers to one client's commands go. */
public interface ReplyTo {

  /** The command has been applied, with this result. */
  void completed(long number, Result result);

  /** The command may not enter the log, now or later. */
  void refused(long number, String reason);

  /** The command was not proposed and will not be; another try may fare better. */
  void retryLater(long number, String reason);

  /** Whether anyone still listens. */
  boolean isOpen();
}
