package dev.paxoskv.client.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paxoskv.client.ClientConfig;
import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.KvException;
import dev.paxoskv.client.NotAppliedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Load for the scripts that harm servers: writers append numbered tokens, each to a key of its own,
 * and remember what they were told of each. Does what it is told on standard input, a line each:
 *
 * <pre>
 * check      pauses the writers, reads every key, and compares: "ok ..." or "LOST ..."
 * gap        for how many milliseconds at most nobody was told of a write, since the last "gap"
 * bulk N     puts N values of 1 MiB: how many were applied, and the last reason why one was not
 * </pre>
 *
 * <p>Arguments: the servers, and milliseconds between two tokens of a writer. Runs as a source file
 * with the client's jar as class path.
 */
public final class TokenLoad {
  private static final String BULK = "bulk ";
  private static final int WRITERS = 4;
  private static final Duration TIMEOUT = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** The longest time between two acknowledged writes, whoever wrote. */
  private static final class Gaps {
    private long lastNanos = System.nanoTime();
    private long longestNanos;

    synchronized void written() {
      long now = System.nanoTime();
      longestNanos = Math.max(longestNanos, now - lastNanos);
      lastNanos = now;
    }

    synchronized String take() {
      written();
      String millis = Long.toString(TimeUnit.NANOSECONDS.toMillis(longestNanos));
      longestNanos = 0;
      return millis;
    }
  }

  /** One key, its only writer, and what is known of its tokens. */
  private static final class Writer {
    private final KvClient client;
    private final byte[] key;
    private final Gaps gaps;
    private final BitSet applied = new BitSet();
    private final BitSet notApplied = new BitSet();
    private int next;
    private String lastReason = "";

    Writer(KvClient client, int number, Gaps gaps) {
      this.gaps = gaps;
      this.client = client;
      this.key = ("tokens" + number).getBytes(UTF_8);
    }

    synchronized void appendOne() {
      int token = next++;
      try {
        client.append(key, (token + ";").getBytes(UTF_8));
        applied.set(token);
        gaps.written();
      } catch (NotAppliedException e) {
        notApplied.set(token);
        lastReason = String.valueOf(e.getMessage());
      } catch (KvException e) {
        // Unknown: it may be there once, at any place, or not at all.
        lastReason = String.valueOf(e.getMessage());
      }
    }

    /** What is wrong with the key's value; empty if nothing is. */
    synchronized String fault(KvClient patient) {
      String value = patient.get(key).map(bytes -> new String(bytes, UTF_8)).orElse("");
      BitSet found = new BitSet();
      int lastApplied = -1;
      for (String word : value.isEmpty() ? new String[0] : value.split(";", -1)) {
        if (word.isEmpty()) {
          continue;
        }
        int token = Integer.parseInt(word);
        if (found.get(token) || notApplied.get(token) || token >= next) {
          return "token " + token + " is there twice, or was refused";
        }
        found.set(token);
        if (applied.get(token)) {
          if (token < lastApplied) {
            return "token " + token + " is behind " + lastApplied;
          }
          lastApplied = token;
        }
      }
      BitSet lost = (BitSet) applied.clone();
      lost.andNot(found);
      return lost.isEmpty() ? "" : "acknowledged tokens are lost: " + lost;
    }
  }

  private final KvClient client;
  private final KvClient patient;
  private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(WRITERS);
  private final List<Writer> writers = new ArrayList<>();
  private final Gaps gaps = new Gaps();

  private TokenLoad(KvClient client, KvClient patient) {
    this.client = client;
    this.patient = patient;
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new Writer(client, i, gaps));
    }
  }

  public static void main(String[] args) throws IOException {
    ClientConfig config = ClientConfig.of(List.of(args[0].split(","))).withTimeout(TIMEOUT);
    try (KvClient client = KvClient.open(config);
        KvClient patient = KvClient.open(config.withTimeout(PATIENCE))) {
      new TokenLoad(client, patient).run(Long.parseLong(args[1]));
    }
    System.exit(0);
  }

  private void run(long pauseMillis) throws IOException {
    for (Writer writer : writers) {
      pool.scheduleWithFixedDelay(writer::appendOne, 0, pauseMillis, TimeUnit.MILLISECONDS);
    }
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(told(line));
    }
  }

  private String told(String line) {
    if (line.startsWith(BULK)) {
      return bulk(Integer.parseInt(line.substring(BULK.length())));
    }
    return line.equals("gap") ? gaps.take() : check();
  }

  private String check() {
    int applied = 0;
    int notApplied = 0;
    int total = 0;
    for (Writer writer : writers) {
      String fault;
      try {
        fault = writer.fault(patient);
      } catch (KvException e) {
        fault = "cannot be read: " + e.getMessage();
      }
      synchronized (writer) {
        if (!fault.isEmpty()) {
          return "LOST in " + new String(writer.key, UTF_8) + ": " + fault;
        }
        applied += writer.applied.cardinality();
        notApplied += writer.notApplied.cardinality();
        total += writer.next;
      }
    }
    return "ok acknowledged " + applied + ", unknown " + (total - applied - notApplied)
        + ", refused " + notApplied + ", " + writers.get(0).lastReason;
  }

  private String bulk(int count) {
    byte[] value = new byte[1 << 20];
    int applied = 0;
    String reason = "";
    for (int i = 0; i < count && reason.isEmpty(); i++) {
      try {
        client.put("bulk".getBytes(UTF_8), value);
        applied++;
      } catch (KvException e) {
        reason = String.valueOf(e.getMessage());
      }
    }
    return "applied " + applied + (reason.isEmpty() ? "" : ", then: " + reason);
  }
}
