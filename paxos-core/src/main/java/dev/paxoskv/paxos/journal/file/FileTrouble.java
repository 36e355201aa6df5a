package dev.paxoskv.paxos.journal.file;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be had, in words: the JDK's message is often its name and no more. */
public final class FileTrouble {
  private FileTrouble() {}

  /** One line, with the file if the JDK names it. */
  public static String of(IOException e) {
    String file = e instanceof FileSystemException of ? of.getFile() + ": " : "";
    return file + why(e);
  }

  /** The same for whoever has named the file already. */
  public static String why(IOException e) {
    if (e instanceof FileSystemException of && of.getReason() != null) {
      return of.getReason();
    } else if (e instanceof AccessDeniedException) {
      return "permission denied";
    } else if (e instanceof FileAlreadyExistsException) {
      return "it is a file";
    } else if (e instanceof NoSuchFileException) {
      return "no such file or directory";
    } else if (e instanceof CharacterCodingException) {
      return "it is no text in UTF-8";
    } else if (e instanceof ClosedByInterruptException) {
      return "the thread was interrupted";
    }
    return e instanceof FileSystemException
        ? "it cannot be opened"
        : String.valueOf(e.getMessage());
  }
}
