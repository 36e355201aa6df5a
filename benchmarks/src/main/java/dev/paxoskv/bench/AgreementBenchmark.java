package dev.paxoskv.bench;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One instance from start to decided, at all of three peers: the protocol's own cost, without
 * bytes.
 */
@State(Scope.Thread)
public class AgreementBenchmark {
  private static final int PEERS = 3;

  private final List<Host> hosts = new ArrayList<>();
  private final ArrayDeque<Runnable> inFlight = new ArrayDeque<>();
  private final Value value = Value.of(new byte[64]);
  private long next;

  /** Who asked, where the answer goes. */
  private record Asker(int peer) implements Effect.Connection {}

  /** Delivers everything, in order. */
  private final class Wire implements Transport {
    private final int me;

    Wire(int me) {
      this.me = me;
    }

    @Override
    public void send(int peer, Envelope envelope) {
      inFlight.add(() -> hosts.get(peer).request(me, new Asker(me), envelope));
      inFlight.add(hosts.get(peer)::flush);
    }

    @Override
    public void reply(Effect.Connection connection, Envelope envelope) {
      Host asker = hosts.get(((Asker) connection).peer());
      inFlight.add(() -> asker.answer(me, envelope));
      inFlight.add(asker::flush);
    }

    @Override
    public void flush() {}
  }

  /** Makes the three peers. */
  public AgreementBenchmark() {
    for (int me = 0; me < PEERS; me++) {
      Replica replica = new Replica(new ReplicaConfig(me, PEERS, 1, 0), new SplittableRandom(me));
      hosts.add(
          new Host(replica, new Wire(me), new MemoryJournal(), Optional.empty(), Observer.NONE));
    }
  }

  @Benchmark
  public long agree() {
    hosts.get(0).start(next, value);
    hosts.get(0).flush();
    while (!inFlight.isEmpty()) {
      inFlight.remove().run();
    }
    hosts.forEach(host -> host.done(next));
    next++;
    return hosts.get(0).min();
  }
}
