package dev.paxoskv.client.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Map;

/**
 * What the program touches of the process around it.
 *
 * @param isTerminal whether a person looks at {@code out}
 * @param arguments how arguments became strings, so that keys are the bytes that were typed
 */
record Surroundings(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean isTerminal,
    Charset arguments,
    Map<String, String> variables) {

  @SuppressWarnings("SystemConsoleNull") // It is null where it matters, see below.
  static Surroundings ofProcess() {
    // From JDK 22 to 24 the default console exists also where there is no terminal; this property
    // asks for the one that JDK 17 has, and that later ones have as well: it is there only if
    // both standard input and output are terminals. (Console.isTerminal is newer than JDK 17.)
    System.getProperties().putIfAbsent("jdk.console", "java.base");
    Charset arguments = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    return new Surroundings(
        System.in, System.out, System.err, System.console() != null, arguments, System.getenv());
  }

  /** The input, which is a value: it may have no end, so no more is read than shows that. */
  byte[] input(int most) {
    byte[] bytes;
    try {
      bytes = in.readNBytes(most + 1);
    } catch (IOException e) {
      throw new KvCommand.UsageException("cannot read standard input: " + e.getMessage());
    }
    if (bytes.length > most) {
      throw new KvCommand.UsageException(
          "standard input is longer than a value may be, " + most + " bytes");
    }
    return bytes;
  }
}
