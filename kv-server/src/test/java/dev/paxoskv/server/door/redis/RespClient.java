package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.StringJoiner;

/** Speaks Redis's protocol as plainly as can be; replies come as text. */
final class RespClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;

  private final Socket socket;
  private final InputStream in;

  RespClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends a request, and reads its reply. */
  String ask(String... parts) throws IOException {
    send(parts);
    return reply();
  }

  void send(String... parts) throws IOException {
    sendRaw(request(parts));
  }

  static byte[] request(String... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("*" + parts.length + "\r\n").getBytes(ISO_8859_1));
    for (String part : parts) {
      out.writeBytes(("$" + part.length() + "\r\n" + part + "\r\n").getBytes(ISO_8859_1));
    }
    return out.toByteArray();
  }

  void sendRaw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Sends no more; what was sent is still answered. */
  void saidAll() throws IOException {
    socket.shutdownOutput();
  }

  /** Values in quotes, {@code nil} for none, lists in brackets, all else as it came. */
  String reply() throws IOException {
    String line = line();
    return switch (line.charAt(0)) {
      case '$' -> {
        int length = Integer.parseInt(line.substring(1));
        yield length < 0 ? "nil" : "\"" + bytes(length) + "\"";
      }
      case '*' -> {
        StringJoiner all = new StringJoiner(" ", "[", "]");
        for (int left = Integer.parseInt(line.substring(1)); left > 0; left--) {
          all.add(reply());
        }
        yield all.toString();
      }
      default -> line;
    };
  }

  /** Whether the other side has closed. */
  boolean isAtEnd() throws IOException {
    return in.read() < 0;
  }

  private String bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length + 2);
    return new String(bytes, 0, length, ISO_8859_1);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("closed behind '" + line + "'");
      }
      line.append((char) next);
    }
    return line.substring(0, line.length() - 1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
