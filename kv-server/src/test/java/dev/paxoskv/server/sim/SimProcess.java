package dev.paxoskv.server.sim;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.host.StateMachine.Snapshots;
import dev.paxoskv.paxos.identity.IdentityFile;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.journal.SegmentedJournal;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.members.Members;
import dev.paxoskv.paxos.protocol.members.Sighting;
import dev.paxoskv.paxos.protocol.roles.Replica;
import dev.paxoskv.paxos.protocol.roles.ReplicaConfig;
import dev.paxoskv.proto.kv.Explanation;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.proto.snapshot.SavedValue;
import dev.paxoskv.proto.snapshot.SnapshotPart;
import dev.paxoskv.server.compare.StateComparison;
import dev.paxoskv.server.door.ClientDoor;
import dev.paxoskv.server.door.redis.RedisDoor;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.service.KvService;
import dev.paxoskv.server.service.Pending;
import dev.paxoskv.server.sim.SimServer.World;
import dev.paxoskv.server.snapshot.LiveMachine;
import dev.paxoskv.server.snapshot.SnapshotSaver;
import dev.paxoskv.server.snapshot.SnapshotStore;
import dev.paxoskv.server.snapshot.SnapshotTransfers;
import dev.paxoskv.server.snapshot.SnapshottingMachine;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * One life of a server, wired as {@code KvServer} is: host, roles, journal, identity, snapshots,
 * state machine, service and door are those of production.
 */
final class SimProcess {
  /** As in {@code KvServer}. */
  private static final int CATCH_UP_TICKS = 10;

  private static final String CLUSTER = "0".repeat(32);

  private final World world;
  private final SimServer server;
  private final long number;
  private final Pending pending = new Pending();
  private final Host host;
  private final KvService service;
  private final Kept kept;
  private final Doors doors;
  private final Set<SimProcess> met = new HashSet<>();
  private Optional<SegmentedJournal> journal = Optional.empty();
  private boolean isOver;
  private boolean isFlushDue;

  /** What a life begins with. */
  private record Kept(
      Member self,
      Recovered recovered,
      Journal journal,
      StateMachine machine,
      Supplier<KvStateMachine> state,
      Optional<LiveMachine> live) {}

  /** Where clients come in, each in their own language. */
  private record Doors(ClientDoor own, RedisDoor redis) {}

  /**
   * Starts, from what the directory has if there is one.
   *
   * @param life which life of this server it is, from 0
   * @throws IOException if it cannot start on what the directory has
   */
  SimProcess(World world, SimServer server, int life) throws IOException {
    int me = server.me();
    this.world = world;
    this.server = server;
    this.number = me + 64L * life;
    Optional<SimDirectory> directory = server.directory();
    this.kept = directory.isPresent() ? open(directory.get()) : inMemory();
    Members members = new Members(me, world.size(), kept.self);
    kept.recovered.registered().values().forEach(members::recover);
    ReplicaConfig config = new ReplicaConfig(
        me,
        world.size(),
        kept.self.incarnation(),
        CATCH_UP_TICKS,
        leads(world),
        directory.map(d -> d.sizes().heapBytes()).orElse(ReplicaConfig.HEAP_BYTES),
        directory.map(d -> d.sizes().pieceBytes()).orElse(Talk.Pull.BYTES_MAX));
    this.host = new Host(
        new Replica(config, world.dice().fork("retry", number), members, kept.recovered),
        server.transport(),
        kept.journal,
        Optional.of(kept.machine),
        Observer.NONE);
    this.service = new KvService(
        host, pending, world.dice().fork("holes", number), KvService.Health.FINE, kept.state);
    this.doors = new Doors(
        new ClientDoor(
            service,
            ServerStatus::getDefaultInstance,
            question -> Explanation.getDefaultInstance(),
            (question, asker) -> {},
            this::flushSoon),
        new RedisDoor(
            service,
            () -> kept.state.get().keys(),
            ServerStatus::getDefaultInstance,
            this::flushSoon,
            world.dice().fork("redis", number)));
  }

  /** Of four seeds the first two have the servers choose a leader, and one of those is durable. */
  private static boolean leads(World world) {
    return world.dice().seed() % 4 < 2;
  }

  private Kept inMemory() {
    KvStateMachine machine = empty();
    return new Kept(
        Member.inMemory(1, ""),
        new Recovered(),
        world.calls().watched(server.me(), new MemoryJournal()),
        watched(machine, () -> machine),
        () -> machine,
        Optional.empty());
  }

  private Kept open(SimDirectory directory) throws IOException {
    int me = server.me();
    RandomGenerator dice = world.dice().fork("identity", number);
    Member self = new IdentityFile(directory.disk(), me, world.size())
        .begin(CLUSTER, dice)
        .member();
    SimDirectory.Sizes sizes = directory.sizes();
    Recovery recovery =
        Recovery.open(directory.disk(), sizes.segmentBytes(), sizes.heapBytes(), dice.nextInt());
    world.tally().recovered(recovery.findings(), recovery.recovered());
    SnapshotStore snapshots = new SnapshotStore(directory.disk());
    SnapshotStore.Loaded loaded = snapshots.load(this::empty);
    KvStateMachine machine = loaded.machine();
    world.tally().loaded(machine.applied() >= 0);
    if (!directory.isOther()) {
      // On another disk than its own it must never vote, so all it promised still counts.
      world.calls().recovered(me, recovery.recovered());
    }
    SimDiskThread snapshotThread = diskThread("snapshot", directory);
    LiveMachine saved = new LiveMachine(
        loaded,
        from -> new SnapshottingMachine(
            from, new SnapshotSaver(snapshots, snapshotThread), sizes.snapshots()),
        new SnapshotTransfers.Parts(
            snapshots,
            snapshotThread,
            directory.disk(),
            diskThread("pieces", directory),
            this::empty));
    SegmentedJournal opened = new SegmentedJournal(
        directory.disk(),
        diskThread("journal", directory),
        recovery,
        new SegmentedJournal.Reading(directory.disk(), diskThread("reader", directory)));
    journal = Optional.of(opened);
    return new Kept(
        self,
        recovery.recovered(),
        new JournalWatch(world.calls().watched(me, opened), directory, world.tally()),
        watched(saved, saved::machine),
        saved::machine,
        Optional.of(saved));
  }

  private KvStateMachine empty() {
    SimLimits limits = world.limits();
    return new KvStateMachine(
        new SessionTally(pending, world.tally()),
        limits.sessions(),
        new StateComparison(server.me(), new Quorum(world.size()), limits.compareEvery()));
  }

  private SimDiskThread diskThread(String name, SimDirectory directory) {
    return new SimDiskThread(world.simulator(), directory, world.dice().fork(name, number), this);
  }

  private StateMachine watched(StateMachine outer, Supplier<KvStateMachine> machine) {
    return new StateMachine() {
      @Override
      public void apply(long seq, Value value) {
        outer.apply(seq, value);
        world.watch().applied(server.me(), seq, machine.get().hash());
      }

      @Override
      public long covered() {
        return outer.covered();
      }

      @Override
      public Optional<Snapshots> snapshots() {
        return outer.snapshots().map(inner -> watched(inner, machine));
      }

      @Override
      public long applied() {
        return outer.applied();
      }

      @Override
      public long done() {
        return outer.done();
      }
    };
  }

  private Snapshots watched(Snapshots inner, Supplier<KvStateMachine> machine) {
    return new WatchedSnapshots(inner, server.me(), world.tally(), () -> {
      KvStateMachine state = machine.get();
      world.watch().applied(server.me(), state.applied(), state.hash());
    });
  }

  Host host() {
    return host;
  }

  KvService service() {
    return service;
  }

  KvStateMachine state() {
    return kept.state.get();
  }

  /** One key more has a value than the log says. */
  void spoil() {
    SavedValue value =
        SavedValue.newBuilder().setKey(ByteString.copyFromUtf8("spoilt")).build();
    kept.state.get().restore(SnapshotPart.newBuilder().addValues(value).build());
  }

  /** Has the state saved. */
  void save() {
    kept.live.orElseThrow().save(index -> {});
  }

  Pending pending() {
    return pending;
  }

  boolean isOver() {
    return isOver;
  }

  /** Nothing of it happens any more. */
  void end() {
    isOver = true;
  }

  /**
   * Whether this server and {@code other} take each other for who they say, as they must before
   * anything passes between them: what a connection begins with.
   */
  boolean knows(SimProcess other) {
    Members ours = host.members();
    if (!ours.isDurable() || met.contains(other)) {
      return true;
    }
    if (other.isOver) {
      return false;
    }
    Members theirs = other.host.members();
    Optional<String> refusal = judge(ours, other);
    if (refusal.isPresent()) {
      other.server.mustStop(refusal.get());
      return false;
    }
    hear(theirs);
    if (judge(theirs, this).isPresent()) {
      return false;
    }
    other.hear(ours);
    met.add(other);
    other.met.add(this);
    return !isOver && !other.isOver;
  }

  private static Optional<String> judge(Members judge, SimProcess who) {
    Members judged = who.host.members();
    int index = who.server.me();
    Optional<String> refusal = judge.refuse(index, judged.self(), judged.durable());
    if (refusal.isEmpty()) {
      judge.greeted(index, judged.self(), judged.durable());
    }
    return refusal;
  }

  private void hear(Members from) {
    for (Sighting seen : from.sightings()) {
      host.members().heard(seen).ifPresent(server::mustStop);
    }
  }

  /** News from the disk, on the protocol thread. */
  void news(Runnable what) {
    server.input(() -> {
      if (!isOver) {
        what.run();
        flushSoon();
      }
    });
  }

  void diskFailed() {
    server.falls(false);
  }

  void lostPower() {
    world.tally().count("stopped in the middle of work");
    server.fallsAsDiskSays();
  }

  /** A new connection; {@code changed} hears when something is written on it or it is closed. */
  EmbeddedChannel accept(Runnable changed) {
    EmbeddedChannel channel = channel(changed);
    doors.own.accept(channel);
    return channel;
  }

  /** The same, of one who speaks Redis's protocol. */
  EmbeddedChannel acceptRedis(Runnable changed) {
    EmbeddedChannel channel = channel(changed);
    doors.redis.accept(channel);
    return channel;
  }

  private static EmbeddedChannel channel(Runnable changed) {
    return new EmbeddedChannel() {
      @Override
      protected void handleOutboundMessage(Object message) {
        super.handleOutboundMessage(message);
        changed.run();
      }

      @Override
      protected void doClose() throws Exception {
        super.doClose();
        changed.run();
      }
    };
  }

  int clients() {
    return doors.own.connections();
  }

  void tick() {
    host.tick();
    journal.ifPresent(SegmentedJournal::tick);
    kept.live.ifPresent(
        state -> state.tick(journal.map(SegmentedJournal::hasRoom).orElse(true)));
    service.tick();
    doors.redis.tick();
    flushSoon();
  }

  void flushSoon() {
    if (!isFlushDue) {
      isFlushDue = true;
      world.simulator().after(0, () -> server.input(this::flush));
    }
  }

  private void flush() {
    if (isOver) {
      return;
    }
    isFlushDue = false;
    service.propose();
    host.flush();
    host.members().refusal().ifPresent(server::mustStop);
    if (isOver) {
      return;
    }
    kept.state.get().comparison().fault().ifPresent(server::halts);
    if (isOver) {
      return;
    }
    if (service.settle()) {
      flushSoon();
    }
    doors.own.flush();
    doors.redis.flush();
    server.deliverAnswers();
  }
}
