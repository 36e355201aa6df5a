package dev.paxoskv.sim.mutants;

import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.net.Inputs;
import dev.paxoskv.paxos.net.NetConfig;
import dev.paxoskv.paxos.net.NettyTransport;
import dev.paxoskv.paxos.net.wire.EventLoops;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.sim.Dice;
import dev.paxoskv.sim.tcp.ReservedPorts;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;

/**
 * From a seed to what is wrong with the real wire, on the loopback: a peer sends more than it may
 * keep to another one that reads nothing any more, or has not greeted yet. What is too much must
 * come back at once as failed.
 */
final class LinkGale implements LongFunction<Map.Entry<Long, String>> {
  private static final long MEBIBYTE = 1 << 20;
  private static final long SENT = 64 * MEBIBYTE;

  /** The bound, and one message more. */
  private static final long KEPT_MAX = 33 * MEBIBYTE;

  private static final String BOOT_ID = "0".repeat(31);

  /** Counts what comes in and what fails. */
  private static final class Ears implements Inputs {
    final CountDownLatch arrived = new CountDownLatch(1);
    long failedBytes;

    @Override
    public void request(int from, Effect.Connection connection, Envelope envelope) {
      arrived.countDown();
    }

    @Override
    public void answer(int from, Envelope envelope) {
      throw new AssertionError("nobody was asked");
    }

    @Override
    public void sendFailed(int peer, Envelope envelope) {
      failedBytes += ((Accept) envelope.message()).value().size();
    }
  }

  @Override
  public Map.Entry<Long, String> apply(long seed) {
    RandomGenerator dice = new Dice(seed).fork("link", 0);
    int size = Math.toIntExact(MEBIBYTE / 4 + dice.nextLong(MEBIBYTE / 2));
    EventLoop here = EventLoops.single("link-here").next();
    EventLoop there = EventLoops.single("link-there").next();
    CountDownLatch over = new CountDownLatch(1);
    try (ReservedPorts ports = new ReservedPorts(2)) {
      long kept = kept(here, there, new Plan(ports.addresses(), dice.nextBoolean(), size, over));
      return Map.entry(0L, kept <= KEPT_MAX ? "" : "G10: " + kept + " bytes are kept for one peer");
    } finally {
      over.countDown();
      here.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
      there.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private record Plan(List<Address> peers, boolean greets, int size, CountDownLatch over) {
    NettyTransport transport(EventLoop loop, int me, Inputs inputs) {
      Members members = new Members(me, 2, Member.inMemory(1, BOOT_ID + me));
      String cluster = NetConfig.undecidedCluster(peers);
      return new NettyTransport(loop, new NetConfig(peers, me, Map.of(), cluster, members), inputs);
    }
  }

  /** How many bytes were taken to be sent and have neither failed nor been read. */
  private static long kept(EventLoop here, EventLoop there, Plan plan) {
    Ears ears = new Ears();
    Ears farEars = new Ears();
    NettyTransport sender = plan.transport(here, 0, ears);
    NettyTransport reader = plan.transport(there, 1, farEars);
    reader.listen(there, plan.peers().get(1), Optional.empty());
    if (plan.greets()) {
      here.execute(() -> send(sender, 0, 1));
      await(farEars.arrived);
    }
    there.execute(() -> await(plan.over()));
    long count = SENT / plan.size();
    return here.submit(() -> {
          for (long seq = 1; seq <= count; seq++) {
            send(sender, seq, plan.size());
          }
          return count * plan.size() - ears.failedBytes;
        })
        .syncUninterruptibly()
        .getNow();
  }

  private static void send(NettyTransport sender, long seq, int size) {
    Value value = Value.of(new byte[size]);
    sender.send(1, new Envelope(-1, new Accept(seq, new Ballot(1, 0, 1), value)));
    if (size == 1) {
      sender.flush();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new AssertionError("nothing arrives");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
