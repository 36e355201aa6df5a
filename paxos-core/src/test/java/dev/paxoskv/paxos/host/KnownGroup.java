package dev.paxoskv.paxos.host;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** Hosts with directories of their own, joined by a network that loses nothing while both run. */
final class KnownGroup {

  /** What a directory holds: an id, and the registrations of its journal. */
  static final class Directory {
    final String id;
    final List<DurableRecord> records = new ArrayList<>();
    long starts;

    Directory(String id) {
      this.id = id;
    }

    Directory copy() {
      Directory copy = new Directory(id);
      copy.records.addAll(records);
      copy.starts = starts;
      return copy;
    }
  }

  private record Asker(int peer, int life) implements Effect.Connection {}

  private record Packet(int from, int to, Optional<Asker> asker, Envelope envelope) {}

  private final int size;
  private final TreeMap<Integer, Directory> directories = new TreeMap<>();
  private final TreeMap<Integer, Host> running = new TreeMap<>();
  private final TreeMap<Integer, Integer> unanswered = new TreeMap<>();
  private final ArrayDeque<Packet> packets = new ArrayDeque<>();
  private int lives;

  KnownGroup(int size) {
    this.size = size;
    for (int peer = 0; peer < size; peer++) {
      directories.put(peer, new Directory("first-" + peer));
    }
  }

  Host host(int peer) {
    Host host = running.get(peer);
    if (host == null) {
      throw new IllegalStateException("peer " + peer + " is down");
    }
    return host;
  }

  Directory directory(int peer) {
    return directories.getOrDefault(peer, new Directory("none"));
  }

  int unanswered(int peer) {
    return unanswered.getOrDefault(peer, 0);
  }

  void wipe(int peer) {
    restore(peer, new Directory("again-" + peer));
  }

  void restore(int peer, Directory copy) {
    running.remove(peer);
    directories.put(peer, copy);
  }

  void stop(int peer) {
    running.remove(peer);
  }

  void start(int... peers) {
    for (int peer : peers) {
      start(peer);
    }
  }

  private void start(int peer) {
    Directory directory = directory(peer);
    directory.starts++;
    lives++;
    Members members =
        new Members(peer, size, new Member(directory.id, directory.starts, "boot-" + lives));
    for (DurableRecord record : directory.records) {
      if (record instanceof DurableRecord.Registered registered) {
        members.recover(registered);
      }
    }
    Replica replica = new Replica(
        new ReplicaConfig(peer, size, directory.starts, 0),
        new SplittableRandom(lives),
        members,
        new Recovered());
    Observer observer = new Observer() {
      @Override
      public void unanswered(int from, Message.Request request) {
        unanswered.merge(peer, 1, Integer::sum);
      }
    };
    Transport network = new Wire(peer, lives);
    running.put(peer, new Host(replica, network, new Disk(directory), Optional.empty(), observer));
  }

  /** Lets time pass and delivers all there is. */
  void run(int ticks) {
    for (int i = 0; i < ticks; i++) {
      running.values().forEach(Host::tick);
      settle();
    }
  }

  private void settle() {
    running.values().forEach(Host::flush);
    while (!packets.isEmpty()) {
      Packet packet = packets.removeFirst();
      Optional<Host> to = Optional.ofNullable(running.get(packet.to));
      if (to.isPresent()) {
        deliver(to.get(), packet);
        to.get().flush();
      }
    }
  }

  private static void deliver(Host to, Packet packet) {
    if (packet.asker.isPresent()) {
      to.request(packet.from, packet.asker.get(), packet.envelope);
    } else {
      to.answer(packet.from, packet.envelope);
    }
  }

  /** The journal of a directory: what is appended is durable at once. */
  private static final class Disk implements Journal {
    private final Directory directory;
    private long position;

    Disk(Directory directory) {
      this.directory = directory;
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

  private final class Wire implements Transport {
    private final int me;
    private final int life;

    Wire(int me, int life) {
      this.me = me;
      this.life = life;
    }

    @Override
    public void send(int peer, Envelope envelope) {
      packets.add(new Packet(me, peer, Optional.of(new Asker(me, life)), envelope));
    }

    @Override
    public void reply(Effect.Connection connection, Envelope envelope) {
      packets.add(new Packet(me, ((Asker) connection).peer(), Optional.empty(), envelope));
    }

    @Override
    public void flush() {
      // Nothing waits here.
    }
  }

  /** What each running peer says of its right to vote. */
  Map<Integer, Boolean> votes() {
    TreeMap<Integer, Boolean> votes = new TreeMap<>();
    running.forEach((peer, host) -> votes.put(peer, host.members().mayVote()));
    return votes;
  }
}
