package dev.paxoskv.paxos.journal.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be had, in words: the JDK's message is often its name and no more. */
public final class FileTrouble {
  private FileTrouble() {}

  /** One line, with the file if the JDK names it. */
  public static String of(IOException e) {
    if (e instanceof ClosedByInterruptException) {
      return "the thread was interrupted";
    }
    return e instanceof FileSystemException of && of.getReason() == null
        ? of.getFile() + ": " + kind(of)
        : String.valueOf(e.getMessage());
  }

  private static String kind(FileSystemException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    } else if (e instanceof FileAlreadyExistsException) {
      return "it is a file";
    } else if (e instanceof NoSuchFileException) {
      return "it is not there and cannot be made";
    }
    return "it cannot be made or opened";
  }
}
