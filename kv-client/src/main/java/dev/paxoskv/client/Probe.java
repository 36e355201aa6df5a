package dev.paxoskv.client;

import dev.paxoskv.client.edge.Connection;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Explain;
import dev.paxoskv.proto.kv.Explanation;
import dev.paxoskv.proto.kv.ServerFrame;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks one server once for something that it alone knows, on a connection of its own. */
final class Probe<T> implements Connection.Listener {
  /**
   * What to ask.
   *
   * @param asked leaves once
   * @param answer finds the answer in a frame; empty if it is not there
   */
  record Question<T>(ClientFrame asked, Function<ServerFrame, Optional<T>> answer) {
    /** How it is. */
    static Question<ServerStatus> status() {
      return new Question<>(
          ClientFrame.newBuilder().setStatus(true).build(),
          frame -> frame.hasStatus()
              ? Optional.of(ServerStatus.of(frame.getStatus()))
              : Optional.empty());
    }

    /** What it knows of an instance. */
    static Question<Explanation> explain(Explain question) {
      return new Question<>(
          ClientFrame.newBuilder().setExplain(question).build(),
          frame -> Optional.of(frame.getExplanation()).filter(said -> frame.hasExplanation()));
    }
  }

  private final Edge edge;
  private final Question<T> question;
  private final Address address;
  private final long timeoutNanos;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  Probe(Edge edge, Question<T> question, Address address, long timeoutNanos) {
    this.edge = edge;
    this.question = question;
    this.address = address;
    this.timeoutNanos = timeoutNanos;
  }

  /** Completed within the timeout, once {@link #ask} was called. */
  CompletableFuture<T> result() {
    return result;
  }

  /** To be called on the edge's thread. */
  void ask() {
    Connection connection = edge.dial(address, timeoutNanos, this);
    edge.after(timeoutNanos, () -> giveUp(connection));
  }

  /** Ends it before its time. */
  void fail(String why) {
    result.completeExceptionally(new NotAppliedException("unavailable: " + why));
  }

  @Override
  public void opened(Connection connection) {
    connection.send(List.of(question.asked()));
  }

  @Override
  public void received(Connection connection, ServerFrame frame) {
    Optional<T> answer = question.answer().apply(frame);
    if (answer.isPresent()) {
      connection.close();
      result.complete(answer.get());
    }
  }

  @Override
  public void lost(Connection connection, String why) {
    fail(address + " " + why);
  }

  private void giveUp(Connection connection) {
    connection.close();
    fail(address + " did not answer within " + TimeUnit.NANOSECONDS.toMillis(timeoutNanos) + " ms");
  }
}
