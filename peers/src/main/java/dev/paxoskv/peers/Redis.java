package dev.paxoskv.peers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.paxoskv.client.bench.Target;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One server that is not replicated: the yardstick. Three connections, pipelined; what replies that
 * came together set off is sent together.
 */
final class Redis implements Peer {
  private static final int CONNECTIONS = 3;

  @Override
  public List<Target> connect(List<String> servers) throws IOException {
    String[] address = servers.get(0).split(":", -1);
    List<Target> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      Socket socket = new Socket(address[0], Integer.parseInt(address[1]));
      socket.setTcpNoDelay(true);
      connections.add(new Connection(socket));
    }
    return connections;
  }

  private static final class Connection implements Target {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Queue<CompletableFuture<Object>> waiting = new ConcurrentLinkedQueue<>();
    private final Thread reader = new Thread(this::read, "redis");

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
      this.out = new BufferedOutputStream(socket.getOutputStream(), 1 << 16);
      reader.setDaemon(true);
      reader.start();
    }

    @Override
    public CompletableFuture<?> put(byte[] key, byte[] value) {
      return send("SET".getBytes(US_ASCII), key, value);
    }

    @Override
    public CompletableFuture<?> get(byte[] key) {
      return send("GET".getBytes(US_ASCII), key);
    }

    private synchronized CompletableFuture<?> send(byte[]... words) {
      CompletableFuture<Object> result = new CompletableFuture<>();
      waiting.add(result);
      try {
        out.write(("*" + words.length + "\r\n").getBytes(US_ASCII));
        for (byte[] word : words) {
          out.write(("$" + word.length + "\r\n").getBytes(US_ASCII));
          out.write(word);
          out.write('\r');
          out.write('\n');
        }
        if (Thread.currentThread() != reader) {
          out.flush();
        }
      } catch (IOException e) {
        result.completeExceptionally(e);
      }
      return result;
    }

    private void read() {
      try {
        while (true) {
          reply();
          if (in.available() == 0) {
            flush();
          }
        }
      } catch (IOException e) {
        waiting.forEach(result -> result.completeExceptionally(e));
      }
    }

    private synchronized void flush() throws IOException {
      out.flush();
    }

    private void reply() throws IOException {
      String line = line();
      int length = line.startsWith("$") ? Integer.parseInt(line.substring(1)) : -1;
      if (length >= 0) {
        in.skipNBytes(length + 2L);
      }
      CompletableFuture<Object> result = waiting.remove();
      if (line.startsWith("-")) {
        result.completeExceptionally(new IOException(line));
      } else {
        result.complete(line);
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      int next = in.read();
      while (next != '\n') {
        if (next < 0) {
          throw new EOFException("the server hung up");
        }
        line.append((char) next);
        next = in.read();
      }
      return line.toString().strip();
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
