package dev.paxoskv.server.sim.history;

import dev.paxoskv.client.NotAppliedException;
import dev.paxoskv.sim.Simulator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What clients asked and were told, with the times at which they asked and were told. */
public final class History {
  public enum Kind {
    PUT,
    APPEND,
    GET
  }

  public enum Outcome {
    OPEN,
    DONE,
    NOT_APPLIED,
    UNKNOWN
  }

  /** What operations are asked of; each call completes when it has returned, however it did. */
  public interface Asker {
    CompletableFuture<Void> put(String key, String value);

    CompletableFuture<Void> append(String key, String value);

    CompletableFuture<String> get(String key);
  }

  /** One operation of one client. */
  public static final class Op {
    public final int client;
    public final String key;
    public final Kind kind;
    /** What a put or append writes, which nothing else writes; what a get has read. */
    public String text;

    public final long invokedMicros;
    public long returnedMicros = Long.MAX_VALUE;
    public Outcome outcome = Outcome.OPEN;

    Op(int client, String key, Kind kind, String text, long invokedMicros) {
      this.client = client;
      this.key = key;
      this.kind = kind;
      this.text = text;
      this.invokedMicros = invokedMicros;
    }

    @Override
    public String toString() {
      return "client " + client + " " + kind + " " + key + " '" + text + "' " + outcome + " ["
          + invokedMicros + ", " + (returnedMicros == Long.MAX_VALUE ? "" : returnedMicros) + "]";
    }
  }

  private final Simulator simulator;
  private final List<Op> ops = new ArrayList<>();
  private final Map<String, List<Op>> byKey = new HashMap<>();
  private int tokens;

  public History(Simulator simulator) {
    this.simulator = simulator;
  }

  public List<Op> ops() {
    return ops;
  }

  public List<Op> of(String key) {
    return byKey.getOrDefault(key, List.of());
  }

  public long count(Outcome outcome) {
    return ops.stream().filter(op -> op.outcome == outcome).count();
  }

  /** Asks through {@code clerk}; completes when the client has returned, however it did. */
  public CompletableFuture<Op> ask(Asker clerk, int client, Kind kind, String key) {
    String token = kind == Kind.GET ? "" : "(" + client + "." + tokens++ + ")";
    Op op = new Op(client, key, kind, token, simulator.nowMicros());
    ops.add(op);
    byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(op);
    CompletableFuture<String> answer = switch (kind) {
      case PUT -> clerk.put(key, token).thenApply(done -> token);
      case APPEND -> clerk.append(key, token).thenApply(done -> token);
      case GET -> clerk.get(key);
    };
    return answer.handle((text, failure) -> finish(op, text, failure));
  }

  private Op finish(Op op, String text, @Nullable Throwable failure) {
    op.returnedMicros = simulator.nowMicros();
    if (failure == null) {
      op.text = text;
      op.outcome = Outcome.DONE;
    } else if (cause(failure) instanceof NotAppliedException) {
      op.outcome = Outcome.NOT_APPLIED;
    } else {
      op.outcome = Outcome.UNKNOWN;
    }
    simulator.trace(31L * op.text.hashCode() + op.invokedMicros, op::toString);
    return op;
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
