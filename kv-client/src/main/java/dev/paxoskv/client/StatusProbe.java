package dev.paxoskv.client;

import dev.paxoskv.client.edge.Connection;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.ServerFrame;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks one server once how it is, on a connection of its own. */
final class StatusProbe implements Connection.Listener {
  private final Edge edge;
  private final Address address;
  private final long timeoutNanos;
  private final CompletableFuture<ServerStatus> result = new CompletableFuture<>();

  StatusProbe(Edge edge, Address address, long timeoutNanos) {
    this.edge = edge;
    this.address = address;
    this.timeoutNanos = timeoutNanos;
  }

  /** Completed within the timeout, once {@link #ask} was called. */
  CompletableFuture<ServerStatus> result() {
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
    connection.send(List.of(ClientFrame.newBuilder().setStatus(true).build()));
  }

  @Override
  public void received(Connection connection, ServerFrame frame) {
    if (frame.hasStatus()) {
      connection.close();
      result.complete(ServerStatus.of(frame.getStatus()));
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
