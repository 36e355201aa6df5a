package dev.paxoskv.server.sim;

import dev.paxoskv.client.edge.Connection;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.sim.Simulator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One connection between a client and a server's door, both ends. Frames cross as the bytes that
 * production would send, in order, each way with its own delays.
 */
final class SimWire implements Connection, ServerEnd {
  private static final int REQUESTS_LOST_OF_1000 = 100;
  private static final int ANSWERS_LOST_OF_1000 = 200;

  private final SimDoors doors;
  private final Simulator simulator;
  private final SimServer server;
  private final Address address;
  private final RandomGenerator dice;
  private final SimPath path;
  private Optional<Listener> listener = Optional.empty();
  private Optional<EmbeddedChannel> channel = Optional.empty();
  private boolean isOpen;
  private boolean isOver;

  SimWire(
      SimDoors doors,
      Simulator simulator,
      SimServer server,
      Address address,
      RandomGenerator dice) {
    this.doors = doors;
    this.simulator = simulator;
    this.server = server;
    this.address = address;
    this.dice = dice;
    this.path = new SimPath(simulator, dice, () -> doors.faults().delayMax());
  }

  void open(Listener newListener) {
    listener = Optional.of(newListener);
    path.towardsServer(() -> {
      if (!server.isCrashed()) {
        server.input(() -> channel = Optional.of(server.accept(this)));
        path.towardsClient(this::opened);
      } else if (!server.isSilent()) {
        path.towardsClient(() -> lose("refused the connection"));
      }
    });
  }

  private void opened() {
    if (!isOver) {
      isOpen = true;
      newListener().opened(this);
    }
  }

  void giveUpOpening(long openNanosMax) {
    if (!isOpen) {
      lose("accepted no connection within " + TimeUnit.NANOSECONDS.toMillis(openNanosMax) + " ms");
    }
  }

  /** It breaks now: both sides are told, or neither is and nothing gets through any more. */
  void breakOff(boolean isSilent) {
    if (isSilent) {
      path.fallSilent();
    } else {
      hangUpServer();
      lose("failed: Connection reset");
    }
  }

  @Override
  public void serverDied(boolean isSilent) {
    breakOff(isSilent);
    channel = Optional.empty();
  }

  @Override
  public Address address() {
    return address;
  }

  @Override
  public boolean isOpen() {
    return isOpen && !isOver;
  }

  @Override
  public void send(List<ClientFrame> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (ClientFrame frame : frames) {
        frame.writeDelimitedTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] bytes = out.toByteArray();
    simulator.trace("to " + address + " " + Arrays.hashCode(bytes));
    boolean mayLose = doors.faults().isUnreliable();
    if (mayLose && dice.nextInt(1000) < REQUESTS_LOST_OF_1000) {
      simulator.after(0, () -> breakOff(false));
      return;
    }
    path.towardsServer(() -> server.input(() -> serverReads(bytes)));
    if (mayLose && dice.nextInt(1000) < ANSWERS_LOST_OF_1000) {
      // The server's side stays open until it answers, or it would drop the command.
      simulator.after(0, () -> lose("failed: Connection reset", false));
    }
  }

  private void serverReads(byte[] bytes) {
    channel.filter(EmbeddedChannel::isActive).ifPresent(open -> {
      // Cut anywhere: the door must put frames together again.
      int cut = dice.nextInt(bytes.length + 1);
      open.writeInbound(Unpooled.wrappedBuffer(bytes, 0, cut));
      open.writeInbound(Unpooled.wrappedBuffer(bytes, cut, bytes.length - cut));
    });
  }

  @Override
  public boolean deliverAnswers() {
    EmbeddedChannel open = channel.orElseThrow();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ByteBuf part = open.readOutbound(); part != null; part = open.readOutbound()) {
      out.writeBytes(ByteBufUtil.getBytes(part));
      part.release();
    }
    byte[] bytes = out.toByteArray();
    if (bytes.length > 0) {
      simulator.trace("from " + address + " " + Arrays.hashCode(bytes));
      path.towardsClient(() -> clientReads(bytes));
    }
    if (isOver && bytes.length > 0) {
      hangUpServer();
    }
    if (!open.isActive()) {
      path.towardsClient(() -> lose("closed the connection"));
    }
    return !open.isActive();
  }

  private void clientReads(byte[] bytes) {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes);
    try {
      while (in.available() > 0 && !isOver) {
        newListener().received(this, ServerFrame.parseDelimitedFrom(in));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lose(String why) {
    lose(why, true);
  }

  private void lose(String why, boolean hangsUp) {
    if (!isOver) {
      isOver = true;
      if (hangsUp) {
        hangUpServer();
      }
      newListener().lost(this, why);
    }
  }

  @Override
  public void close() {
    if (!isOver) {
      isOver = true;
      hangUpServer();
    }
  }

  private void hangUpServer() {
    path.towardsServer(() -> server.input(() -> channel.ifPresent(EmbeddedChannel::close)));
  }

  private Listener newListener() {
    return listener.orElseThrow();
  }
}
