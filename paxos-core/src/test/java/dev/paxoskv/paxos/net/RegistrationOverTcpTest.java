package dev.paxoskv.paxos.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three hosts with directories in memory, joined by real sockets. */
@Timeout(120)
class RegistrationOverTcpTest {
  private static final Value X = Value.of("x");
  private static final String CLUSTER = "0000000000000000ffffffffffffffff";
  private static final String OTHER = "11111111111111112222222222222222";

  /** What stays of a peer when it stops. */
  private record Directory(String id, long starts, List<DurableRecord> records) {
    static Directory fresh(int number) {
      return new Directory(String.format("%032x", number), 0, new CopyOnWriteArrayList<>());
    }

    Directory copy() {
      return new Directory(id, starts, new CopyOnWriteArrayList<>(records));
    }

    Directory next() {
      return new Directory(id, starts + 1, records);
    }
  }

  private final class Peer implements Inputs, Journal {
    final Directory directory;
    final EventLoopGroup group = EventLoops.single("test");
    final EventLoop loop = group.next();
    final List<String> stops = new CopyOnWriteArrayList<>();
    final NettyTransport transport;
    final Host host;
    private long position;

    Peer(int me, Directory before, String cluster) {
      directory = before.next();
      boots++;
      Member self = new Member(directory.id, directory.starts, String.format("%032x", boots));
      Members members = new Members(me, addresses.size(), self);
      for (DurableRecord record : directory.records) {
        if (record instanceof DurableRecord.Registered registered) {
          members.recover(registered);
        }
      }
      NetConfig net = new NetConfig(addresses, me, Map.of(), cluster, members);
      transport = new NettyTransport(loop, net, this);
      host = new Host(
          new Replica(
              new ReplicaConfig(me, addresses.size(), directory.starts, 0),
              new SplittableRandom(boots),
              members,
              new Recovered()),
          transport,
          this,
          Optional.empty(),
          Observer.NONE);
      transport.listen(loop, addresses.get(me), Optional.empty());
      loop.scheduleAtFixedRate(this::tick, 5, 5, TimeUnit.MILLISECONDS);
    }

    private void tick() {
      host.tick();
      host.flush();
      host.members().refusal().ifPresent(this::mustStop);
    }

    <T> T ask(Function<Host, T> question) {
      return loop.submit(() -> question.apply(host)).syncUninterruptibly().getNow();
    }

    boolean mayVote() {
      return ask(h -> h.members().mayVote());
    }

    void close() {
      loop.submit(transport::close).syncUninterruptibly();
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Override
    public void request(int from, Effect.Connection connection, Envelope envelope) {
      host.request(from, connection, envelope);
      host.flush();
    }

    @Override
    public void answer(int from, Envelope envelope) {
      host.answer(from, envelope);
      host.flush();
    }

    @Override
    public void mustStop(String reason) {
      stops.add(reason);
    }

    @Override
    public void sendFailed(int peer, Envelope envelope) {
      host.sendFailed(peer, envelope);
    }

    @Override
    public long append(DurableRecord record) {
      directory.records.add(record);
      position++;
      return position;
    }

    @Override
    public void sync(LongConsumer durable) {
      durable.accept(position);
    }

    @Override
    public long durableTo() {
      return directory.records.size();
    }
  }

  private final List<Peer> peers = new ArrayList<>();
  private final List<Address> addresses = new ArrayList<>();
  private int boots;

  @BeforeEach
  void findPorts() throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      sockets.add(new ServerSocket(0));
      addresses.add(new Address("127.0.0.1", sockets.get(i).getLocalPort()));
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
  }

  @AfterEach
  void close() {
    peers.forEach(Peer::close);
  }

  @Test
  void aGroupFormsAndAWipedPeerIsSentAway() {
    Peer zero = open(0, Directory.fresh(100));
    Peer one = open(1, Directory.fresh(101));
    soon(() -> zero.ask(h -> h.members().waitingFor()).equals(List.of(2)));
    assertThat(zero.mayVote()).isFalse();
    Peer two = open(2, Directory.fresh(102));
    soon(() -> zero.mayVote() && one.mayVote() && two.mayVote());
    decide(two, 3);

    stop(two);
    Peer wiped = open(2, Directory.fresh(999));
    soon(() -> !wiped.stops.isEmpty());
    assertThat(wiped.stops.get(0)).contains("kv replace 2");
    assertThat(wiped.mayVote()).isFalse();
    stop(wiped);

    decide(zero, 4);
    Peer again = open(2, two.directory);
    soon(again::mayVote);
    assertThat(again.stops).isEmpty();
    decide(again, 5);
  }

  @Test
  void anOlderCopyIsSentAwayByTheGreeting() {
    Peer zero = open(0, Directory.fresh(100));
    Peer one = open(1, Directory.fresh(101));
    Peer two = open(2, Directory.fresh(102));
    soon(() -> zero.mayVote() && one.mayVote() && two.mayVote());
    Directory copy = two.directory.copy();
    decide(two, 3);
    stop(two);

    Peer restored = open(2, copy);
    soon(() -> !restored.stops.isEmpty());
    assertThat(restored.stops.get(0)).contains("older copy", "kv replace 2");
    assertThat(restored.mayVote()).isFalse();
  }

  @Test
  void anotherClusterIsNotLetIn() {
    Peer zero = peer(0, Directory.fresh(100), OTHER);
    Peer one = peer(1, Directory.fresh(101), OTHER.replace('2', '3'));
    soon(() -> one.transport.refusals().stream().anyMatch(r -> r.contains("belongs to cluster")));
    assertThat(zero.stops).as("a wrong address stops nobody").isEmpty();
    assertThat(one.stops).isEmpty();
  }

  @Test
  void aClusterWithAnIdAndOneWithoutAreTwo() {
    Peer restored = peer(0, Directory.fresh(100), OTHER);
    Peer old = peer(1, Directory.fresh(101), NetConfig.undecidedCluster(addresses));
    soon(() -> isSentAway(old) && isSentAway(restored));
    List<Integer> ofRestored = restored.ask(h -> h.members().waitingFor());
    List<Integer> ofOld = old.ask(h -> h.members().waitingFor());
    assertThat(ofRestored).contains(1);
    assertThat(ofOld).contains(0);
  }

  private static boolean isSentAway(Peer peer) {
    return peer.transport.refusals().stream().anyMatch(r -> r.contains("belongs to cluster"));
  }

  private void decide(Peer peer, long seq) {
    peer.loop.execute(() -> {
      peer.host.start(seq, X);
      peer.host.flush();
    });
    soon(() -> peer.ask(h -> h.status(seq).isDecided()));
  }

  private Peer open(int me, Directory directory) {
    return peer(me, directory, CLUSTER);
  }

  private Peer peer(int me, Directory directory, String cluster) {
    Peer peer = new Peer(me, directory, cluster);
    peers.add(peer);
    return peer;
  }

  private void stop(Peer peer) {
    peers.remove(peer);
    peer.close();
  }

  private static void soon(Callable<Boolean> condition) {
    await().atMost(20, TimeUnit.SECONDS).pollInterval(5, TimeUnit.MILLISECONDS).until(condition);
  }
}
