package dev.paxoskv.client.backup;

import dev.paxoskv.client.NotAppliedException;
import dev.paxoskv.client.edge.Connection;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.Backup;
import dev.paxoskv.proto.kv.BackupPiece;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.ServerFrame;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One connection to one server, which is asked for the pieces of one backup, one after the other.
 * For one thread, not the edge's own.
 */
final class PieceLink implements Connection.Listener, AutoCloseable {
  private final Edge edge;
  private final Address server;
  private final long silenceNanosMax;
  private final boolean inDoubt;

  // Of the edge's thread.
  private Optional<Connection> connection = Optional.empty();
  private CompletableFuture<BackupPiece> answer = new CompletableFuture<>();
  private Backup question = Backup.getDefaultInstance();
  private long heardNanos;

  /**
   * Connects once it is asked.
   *
   * @param silenceNanosMax for so long the server may say nothing
   * @param inDoubt whether it is to give what it has though that may be wrong
   */
  PieceLink(Edge edge, Address server, long silenceNanosMax, boolean inDoubt) {
    this.edge = edge;
    this.server = server;
    this.silenceNanosMax = silenceNanosMax;
    this.inDoubt = inDoubt;
  }

  /**
   * The piece at {@code offset}; at 0 a new backup begins.
   *
   * @throws NotAppliedException if the server does not give it, with a line that names the server
   */
  BackupPiece ask(long offset) {
    CompletableFuture<BackupPiece> asked = new CompletableFuture<>();
    edge.execute(() -> ask(offset, asked));
    BackupPiece piece;
    try {
      piece = asked.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotAppliedException("interrupted while waiting for a piece of the backup");
    } catch (ExecutionException e) {
      Throwable why = Optional.<Throwable>ofNullable(e.getCause()).orElse(e);
      throw new NotAppliedException(String.valueOf(why.getMessage()));
    }
    if (!piece.getFailed().isEmpty()) {
      throw new NotAppliedException(server + ": " + piece.getFailed());
    }
    return piece;
  }

  private void ask(long offset, CompletableFuture<BackupPiece> asked) {
    answer = asked;
    question = Backup.newBuilder().setOffset(offset).setInDoubt(inDoubt).build();
    heardNanos = edge.nanos();
    edge.after(silenceNanosMax, () -> giveUpIfSilent(asked));
    if (connection.isEmpty()) {
      connection = Optional.of(edge.dial(server, silenceNanosMax, this));
    } else if (connection.get().isOpen()) {
      opened(connection.get());
    } else {
      fail(server + " is connected no more");
    }
  }

  private void giveUpIfSilent(CompletableFuture<BackupPiece> asked) {
    long leftNanos = silenceNanosMax - (edge.nanos() - heardNanos);
    if (asked.isDone()) {
      return;
    }
    if (leftNanos > 0) {
      edge.after(leftNanos, () -> giveUpIfSilent(asked));
    } else {
      fail(server + " has said nothing for " + TimeUnit.NANOSECONDS.toMillis(silenceNanosMax)
          + " ms");
    }
  }

  private void fail(String why) {
    answer.completeExceptionally(new NotAppliedException(why));
  }

  @Override
  public void opened(Connection open) {
    open.send(List.of(ClientFrame.newBuilder().setBackup(question).build()));
  }

  @Override
  public void received(Connection from, ServerFrame frame) {
    heardNanos = edge.nanos();
    if (!frame.getRefusal().isEmpty()) {
      fail(server + " could not read the question: " + frame.getRefusal());
    } else if (frame.hasBackup() && !frame.getBackup().getIsPreparing()) {
      answer.complete(frame.getBackup());
    }
  }

  @Override
  public void lost(Connection from, String why) {
    fail(server + " " + why);
  }

  @Override
  public void close() {
    edge.execute(() -> connection.ifPresent(Connection::close));
  }
}
