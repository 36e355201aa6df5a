package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.Silence;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Pending;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The door of one server of so many, whose others say nothing; the test takes its steps. */
final class PlayedDoor {
  private final Pending pending = new Pending();
  private final KvStateMachine machine = new KvStateMachine(pending);
  private final Host host;

  /** Decided, in order. */
  final List<Value> log = new ArrayList<>();

  final KvService service;
  final RedisDoor door;

  PlayedDoor(int of) {
    Replica replica = new Replica(new ReplicaConfig(0, of, 1, 0), new SplittableRandom(1));
    Observer observer = new Observer() {
      @Override
      public void decided(long seq, Value value) {
        log.add(value);
      }
    };
    host = new Host(replica, new Silence(), new MemoryJournal(), Optional.of(machine), observer);
    service = new KvService(host, pending, new SplittableRandom(2), Optional::empty, () -> machine);
    door = new RedisDoor(
        service,
        machine::keys,
        ServerStatus::getDefaultInstance,
        () -> {},
        new SplittableRandom(3));
  }

  /** A new client says this, and the door has taken it in. */
  EmbeddedChannel says(String requests) {
    EmbeddedChannel client = new EmbeddedChannel();
    door.accept(client);
    client.writeInbound(Unpooled.copiedBuffer(requests, US_ASCII));
    door.flush();
    return client;
  }

  void step() {
    service.propose();
    host.flush();
    service.settle();
    door.flush();
  }
}
