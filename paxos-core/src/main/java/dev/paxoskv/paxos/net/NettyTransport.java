package dev.paxoskv.paxos.net;

import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.wire.Preamble;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.roles.Effect;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The transport of production: TCP by Netty, on the event loop that is the protocol thread. */
public final class NettyTransport implements Transport {
  /** Most connections at one door, of clients and strangers together; more are turned away. */
  public static final int CONNECTIONS_MAX = 4096;

  private final EventLoop loop;
  private final LinkContext context;
  private final List<Optional<PeerLink>> links = new ArrayList<>();
  private final Set<PeerLink> written = new LinkedHashSet<>();
  private final Set<InboundPeer> answered = new LinkedHashSet<>();
  private final ChannelGroup opened;
  private long sent;

  /**
   * Dials and listens to nobody yet.
   *
   * @param loop does the bytes and runs the protocol
   * @param net addresses and identity
   * @param inputs where arrivals go
   */
  public NettyTransport(EventLoop loop, NetConfig net, Inputs inputs) {
    this.loop = loop;
    this.context = new LinkContext(loop, new Group(net), inputs);
    this.opened = new DefaultChannelGroup(loop, true);
    for (int peer = 0; peer < net.peers().size(); peer++) {
      links.add(
          peer == net.me()
              ? Optional.empty()
              : Optional.of(new PeerLink(peer, net.dialOf(peer), context)));
    }
  }

  /**
   * Opens the port. Blocks; not on the event loop.
   *
   * @param clients gets each connection whose preamble says client; empty: such connections are
   *     closed
   * @return the port, which the system chose if {@code address} asked for 0
   */
  public int listen(EventLoop loop, Address address, Optional<Consumer<Channel>> clients) {
    Map<Preamble.Kind, Consumer<Channel>> doors = new TreeMap<>();
    doors.put(Preamble.Kind.PEER, channel -> InboundPeer.install(context, channel));
    clients.ifPresent(door -> doors.put(Preamble.Kind.CLIENT, door));
    return new Listener(doors, opened).open(loop, address);
  }

  /**
   * Opens another port, for connections that are not of Paxos. Blocks; not on the event loop, on
   * which {@code door} gets them.
   *
   * @return the port, which the system chose if {@code address} asked for 0
   * @throws java.io.UncheckedIOException if the address cannot be listened at
   */
  public int listenBeside(Address address, Consumer<Channel> door) {
    return Listener.open(loop, address, opened, door);
  }

  @Override
  public void send(int peer, Envelope envelope) {
    PeerLink link = links.get(peer).orElseThrow();
    written.add(link);
    sent++;
    link.send(envelope);
  }

  @Override
  public void reply(Effect.Connection connection, Envelope envelope) {
    InboundPeer asker = (InboundPeer) connection;
    answered.add(asker);
    sent++;
    asker.reply(envelope);
  }

  @Override
  public void flush() {
    written.forEach(PeerLink::flush);
    written.clear();
    answered.forEach(InboundPeer::flush);
    answered.clear();
  }

  /**
   * Reports a request as certainly not delivered, as a broken link does. For decorators that lose
   * messages on purpose, as they cannot reach the host. From any thread; heard on the event loop,
   * after this call. Without effect once the loop has ended.
   */
  public void fail(int peer, Envelope envelope) {
    context.fail(peer, envelope);
  }

  /** How many messages were given to be sent, requests and answers. Event loop only. */
  public long sent() {
    return sent;
  }

  /**
   * Size of what waits to be sent to {@code peer}, another one, requests only. Event loop only.
   *
   * @return bytes, 0 or more
   */
  public long queuedBytes(int peer) {
    return links.get(peer).orElseThrow().queuedBytes();
  }

  /** Indexes of the other peers that were heard from within the last {@code millis}. */
  public List<Integer> heardWithin(long millis) {
    List<Integer> heard = new ArrayList<>();
    for (int peer = 0; peer < links.size(); peer++) {
      if (context.wasHeardWithin(peer, millis)) {
        heard.add(peer);
      }
    }
    return heard;
  }

  /** What the peers that do not let us in gave as their reason. */
  public List<String> refusals() {
    return links.stream()
        .flatMap(Optional::stream)
        .map(PeerLink::refusal)
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Stops listening and closes every connection, whoever dialled it: the others must see that this
   * peer is gone. The end of an event loop alone does not see to it, if tasks are left at its end.
   */
  public void close() {
    opened.close();
    links.forEach(link -> link.ifPresent(PeerLink::close));
  }
}
