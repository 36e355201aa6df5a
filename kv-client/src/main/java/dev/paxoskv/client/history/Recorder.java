package dev.paxoskv.client.history;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.SetIf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes down what clients asked and were told, with the times, so that {@code kv check} can tell
 * whether one copy of the data could have answered so. One line a call, when it has ended; calls
 * that have not are written when this is closed. The times are the machine's, so that what several
 * processes of one machine have recorded can be judged together. For any number of clients and
 * threads.
 */
public final class Recorder implements AutoCloseable {
  /** The last line. A file without it lacks calls, and may look wrong where nothing was. */
  public static final String END = "# end";

  private static final String EMPTY = "\"\"";

  /** Stands for no value, where one may be expected. */
  private static final String ABSENT = "!";

  private static final AtomicLong CLIENTS = new AtomicLong();

  private final Writer out;
  private final Set<Entry> open = new LinkedHashSet<>();
  private long last = Long.MIN_VALUE;
  private Optional<IOException> failure = Optional.empty();
  private boolean isClosed;

  private Recorder(Writer out) {
    this.out = out;
  }

  /**
   * Begins a recording; {@code file} is replaced.
   *
   * @throws IOException if it cannot be written
   */
  public static Recorder to(Path file) throws IOException {
    return new Recorder(Files.newBufferedWriter(file, UTF_8));
  }

  /** A name for one more client, unique on this machine as long as this process runs. */
  public static String nextClient() {
    return "c" + ProcessHandle.current().pid() + "." + CLIENTS.incrementAndGet();
  }

  /** One call that is being recorded. */
  public final class Entry {
    private final String call;
    private final boolean isRead;
    private final long invoked;

    private Entry(String call, boolean isRead, long invoked) {
      this.call = call;
      this.isRead = isRead;
      this.invoked = invoked;
    }

    /** It was done, with this reply. */
    public void done(Reply reply) {
      String read =
          reply.hasFound() ? "found " + word(reply.getFound().getValue().toByteArray()) : "missing";
      ended(this, isRead ? read : reply.hasUnmet() ? "unmet" : "applied");
    }

    /** It failed; certainly without effect, or nobody knows. */
    public void failed(boolean isCertain) {
      ended(this, isCertain ? "not-applied" : "unknown");
    }

    private String line(String end, String outcome) {
      return invoked + ".." + end + " " + call + " " + outcome + "\n";
    }
  }

  /** A client makes a call. */
  public synchronized Entry begun(String client, Command command) {
    boolean isRead = command.hasGet();
    Entry entry = new Entry(client + " " + call(command), isRead, now());
    open.add(entry);
    return entry;
  }

  private synchronized void ended(Entry entry, String outcome) {
    if (!isClosed && open.remove(entry)) {
      write(entry.line(Long.toString(now()), outcome));
    }
  }

  /** No two events have one time. */
  private long now() {
    last = Math.max(last + 1, System.nanoTime());
    return last;
  }

  private static String call(Command command) {
    return switch (command.getOperationCase()) {
      case PUT -> call("put", command.getPut().getKey(), command.getPut().getValue());
      case APPEND ->
        call("append", command.getAppend().getKey(), command.getAppend().getValue());
      case DELETE -> "delete " + word(command.getDelete().getKey().toByteArray());
      case GET -> "get " + word(command.getGet().getKey().toByteArray());
      case SET_IF -> call(command.getSetIf());
      // Not to be left out: whoever judges must see that there was something else.
      default -> command.getOperationCase().name().toLowerCase(Locale.ROOT) + " -";
    };
  }

  /** Of a compare-and-set; nothing else is asked for by a client of this kind. */
  private static String call(SetIf asked) {
    boolean isAbsent = asked.getCondition() == SetIf.Condition.ABSENT;
    String expected = isAbsent ? ABSENT : word(asked.getExpected().toByteArray());
    return "cas " + word(asked.getKey().toByteArray()) + " " + expected + " "
        + word(asked.getValue().toByteArray());
  }

  private static String call(String kind, ByteString key, ByteString value) {
    return kind + " " + word(key.toByteArray()) + " " + word(value.toByteArray());
  }

  /** Bytes as one word of plain text. */
  private static String word(byte[] bytes) {
    return bytes.length == 0 ? EMPTY : URLEncoder.encode(new String(bytes, ISO_8859_1), UTF_8);
  }

  /** A client must not suffer from a full disk; whoever closes the recording hears of it. */
  private void write(String line) {
    try {
      if (failure.isEmpty()) {
        out.write(line);
      }
    } catch (IOException e) {
      failure = Optional.of(e);
    }
  }

  /**
   * Writes what is open, and the end.
   *
   * @throws UncheckedIOException if anything could not be written
   */
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    open.forEach(entry -> write(entry.line("open", "unknown")));
    write(END + "\n");
    try {
      out.close();
    } catch (IOException e) {
      failure = failure.or(() -> Optional.of(e));
    }
    failure.ifPresent(e -> {
      throw new UncheckedIOException("the recording is not whole: " + e.getMessage(), e);
    });
  }
}
