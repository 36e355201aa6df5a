package dev.paxoskv.client;

import dev.paxoskv.client.edge.Connection;
import dev.paxoskv.client.edge.Edge;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.ClientFrame;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.proto.kv.Reply;
import dev.paxoskv.proto.kv.ServerFrame;
import dev.paxoskv.proto.kv.ServerStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * A world for one client in virtual time: servers that a test switches off and on, and answers that
 * come at once, unless the test holds them back.
 */
final class PlayedEdge implements Edge {
  /** One server, as the test wants it to be. */
  static final class Server {
    boolean isUp = true;
    /** Why it does not serve, as it says; whether commands are answered is another matter. */
    String notServing = "";

    boolean putsOff;
    boolean holdsBack;
    final List<Command> commands = new ArrayList<>();
    final List<Long> looks = new ArrayList<>();
    final List<Wire> open = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();

    List<Long> numbers() {
      return commands.stream().map(Command::getNumber).toList();
    }

    /** What was held back is answered now, and all that comes. */
    void answer() {
      holdsBack = false;
      List<Runnable> now = List.copyOf(held);
      held.clear();
      now.forEach(Runnable::run);
    }

    void stop() {
      isUp = false;
      List.copyOf(open).forEach(wire -> wire.lose("closed the connection"));
    }
  }

  private record Event(long nanos, long order, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::order));
  private final Map<Address, Server> servers = new HashMap<>();
  private final Random dice = new Random(1);
  private long nanos = -5;
  private long order;
  private int sessions;

  Server add(Address address) {
    Server server = new Server();
    servers.put(address, server);
    return server;
  }

  /** Lets time pass, and all happen that is due. */
  void run(long moreNanos) {
    long end = nanos + moreNanos;
    while (!events.isEmpty() && events.peek().nanos() - end <= 0) {
      Event next = events.remove();
      nanos = next.nanos();
      next.action().run();
    }
    nanos = end;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public RandomGenerator dice() {
    return dice;
  }

  @Override
  public boolean isOwnThread() {
    return true;
  }

  @Override
  public void execute(Runnable action) {
    after(0, action);
  }

  @Override
  public void after(long delayNanos, Runnable action) {
    events.add(new Event(nanos + delayNanos, order++, action));
  }

  @Override
  public Connection dial(Address address, long openNanosMax, Connection.Listener listener) {
    Wire wire = new Wire(address, listener);
    execute(wire::open);
    return wire;
  }

  @Override
  public void close(Runnable last) {
    last.run();
  }

  /** One connection. */
  final class Wire implements Connection {
    private final Address address;
    private final Listener listener;
    private final Server server;
    private boolean isOpen;
    private boolean isOver;

    Wire(Address address, Listener listener) {
      this.address = address;
      this.listener = listener;
      this.server = Optional.ofNullable(servers.get(address)).orElseThrow();
    }

    private void open() {
      if (!isOver && server.isUp) {
        isOpen = true;
        server.open.add(this);
        listener.opened(this);
      } else {
        lose("refused the connection");
      }
    }

    private void lose(String why) {
      if (!isOver) {
        close();
        listener.lost(this, why);
      }
    }

    private void tell(ServerFrame.Builder frame) {
      if (!isOver) {
        listener.received(this, frame.build());
      }
    }

    private void reply(Command command) {
      Reply reply = FakeServer.applied(command);
      if (command.hasOpenSession()) {
        reply = FakeServer.opened(++sessions);
      } else if (server.putsOff) {
        reply = FakeServer.retryLater(command);
      }
      tell(ServerFrame.newBuilder().addReplies(reply));
    }

    private void read(ClientFrame frame) {
      if (frame.getStatus()) {
        server.looks.add(nanos);
        tell(ServerFrame.newBuilder()
            .setStatus(ServerStatus.newBuilder().setNotServing(server.notServing)));
      }
      for (Command command : frame.getCommandsList()) {
        if (!command.hasOpenSession()) {
          server.commands.add(command);
        }
        if (server.holdsBack) {
          server.held.add(() -> reply(command));
        } else {
          reply(command);
        }
      }
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
      frames.forEach(frame -> execute(() -> read(frame)));
    }

    @Override
    public void close() {
      isOver = true;
      server.open.remove(this);
    }
  }
}
