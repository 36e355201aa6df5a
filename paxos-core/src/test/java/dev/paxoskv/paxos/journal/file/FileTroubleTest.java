package dev.paxoskv.paxos.journal.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileTroubleTest {
  @Test
  void whyAFileCannotBeHadIsSaidInWords() {
    Map<IOException, String> words = Map.of(
        new FileSystemException("f", null, "no space left on device"),
        "f: no space left on device",
        new NoSuchFileException("f", null, "of its own"),
        "f: of its own",
        new AccessDeniedException("f"),
        "f: permission denied",
        new FileAlreadyExistsException("f"),
        "f: it is a file",
        new NoSuchFileException("f"),
        "f: no such file or directory",
        new FileSystemException("f"),
        "f: it cannot be opened",
        new MalformedInputException(1),
        "it is no text in UTF-8",
        new ClosedByInterruptException(),
        "the thread was interrupted",
        new IOException("input/output error"),
        "input/output error");
    words.forEach((trouble, expected) -> assertThat(FileTrouble.of(trouble)).isEqualTo(expected));
  }
}
