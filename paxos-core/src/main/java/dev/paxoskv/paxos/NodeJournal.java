package dev.paxoskv.paxos;

import dev.paxoskv.paxos.host.Journal;
import dev.paxoskv.paxos.host.MemoryJournal;
import dev.paxoskv.paxos.host.StateMachine;
import dev.paxoskv.paxos.identity.Identity;
import dev.paxoskv.paxos.identity.IdentityFile;
import dev.paxoskv.paxos.journal.Recovery;
import dev.paxoskv.paxos.journal.SegmentedJournal;
import dev.paxoskv.paxos.journal.file.FileDisk;
import dev.paxoskv.paxos.journal.file.FileTrouble;
import dev.paxoskv.paxos.journal.file.JournalThread;
import dev.paxoskv.paxos.meter.Histogram;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.net.NetConfig;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Recovered;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node's journal: in a data directory, or in memory. */
final class NodeJournal implements NodeDisk, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NodeJournal.class);

  /** What survives, and the threads that write it and read it again. */
  private record Durable(
      FileDisk disk,
      Identity identity,
      JournalThread thread,
      JournalThread reader,
      SegmentedJournal journal) {}

  private final Optional<Durable> durable;
  private final Recovered recovered;
  private final Optional<StateMachine> machine;
  private final Journal journal;

  private NodeJournal(
      Optional<Durable> durable, Recovered recovered, Optional<StateMachine> machine) {
    this.durable = durable;
    this.recovered = recovered;
    this.machine = machine;
    this.journal = durable.<Journal>map(Durable::journal).orElseGet(MemoryJournal::new);
  }

  /**
   * Reads what the data directory has, if there is one.
   *
   * @param protocol runs things on the protocol thread
   * @param failed told there when the disk has failed
   */
  static NodeJournal open(NodeConfig config, Executor protocol, Consumer<Throwable> failed) {
    try {
      return config.dataDir().isPresent()
          ? open(config, config.dataDir().get(), protocol, failed)
          : new NodeJournal(Optional.empty(), new Recovered(), machine(config, Optional.empty()));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static NodeJournal open(
      NodeConfig config, Path directory, Executor protocol, Consumer<Throwable> failed)
      throws IOException {
    JournalThread thread = new JournalThread("paxoskv-journal-" + config.me(), protocol, failed);
    FileDisk disk = FileDisk.open(directory);
    try {
      // Before anything else is written: an empty directory is known by its having no identity.
      Identity identity = new IdentityFile(disk, config.me(), config.peers().size())
          .begin(NetConfig.undecidedCluster(config.peers()), new SplittableRandom(dice()));
      Recovery recovery = Recovery.open(disk, Recovery.SEGMENT_BYTES, new SecureRandom().nextInt());
      recovery.findings().forEach(line -> LOG.warn("{}: {}", directory, line));
      JournalThread reader = new JournalThread("paxoskv-reader-" + config.me(), protocol, failed);
      SegmentedJournal journal = new SegmentedJournal(
          disk, thread, recovery, new SegmentedJournal.Reading(disk.forReadingOnly(), reader));
      return new NodeJournal(
          Optional.of(new Durable(disk, identity, thread, reader, journal)),
          recovery.recovered(),
          machine(config, Optional.of(disk.forAnotherThread())));
    } catch (IOException e) {
      disk.close();
      throw new IOException(
          "the data directory " + directory + " cannot be used: " + FileTrouble.of(e), e);
    } catch (RuntimeException e) {
      disk.close();
      throw e;
    }
  }

  private static Optional<StateMachine> machine(NodeConfig config, Optional<FileDisk> disk)
      throws IOException {
    return config.machine().isPresent()
        ? Optional.of(config.machine().get().make(disk))
        : Optional.empty();
  }

  /**
   * Makes what works on this journal; if that fails the directory is free again, for whoever mends
   * it, and the event loop ends.
   */
  <T> T orClosed(EventLoop loop, Supplier<T> making) {
    try {
      return making.get();
    } catch (RuntimeException | Error e) {
      loop.parent().shutdownGracefully(0, 1, TimeUnit.SECONDS);
      close();
      throw e;
    }
  }

  private static long dice() {
    return new SecureRandom().nextLong();
  }

  /**
   * Who the data directory makes of this peer. In memory nothing counts the starts; the clock
   * orders them well enough, and the boot id makes the others refuse a second life in any case.
   */
  Member member() {
    return durable.map(d -> d.identity().member()).orElseGet(NodeJournal::inMemory);
  }

  /**
   * Which group this is. As long as it has decided no id, the list of peers says that and not what
   * a first start with another list has left in the directory.
   */
  String cluster(List<Address> peers) {
    return durable
        .map(Durable::identity)
        .filter(Identity::isClusterDecided)
        .map(Identity::cluster)
        .orElseGet(() -> NetConfig.undecidedCluster(peers));
  }

  private static Member inMemory() {
    byte[] bootId = new byte[16];
    new SecureRandom().nextBytes(bootId);
    return Member.inMemory(System.currentTimeMillis(), HexFormat.of().formatHex(bootId));
  }

  Journal journal() {
    return journal;
  }

  /** The application's, as far as it was kept. */
  Optional<StateMachine> machine() {
    return machine;
  }

  Recovered recovered() {
    return recovered;
  }

  void tick() {
    durable.ifPresent(d -> d.journal().tick());
  }

  @Override
  public boolean hasRoom() {
    return durable.map(d -> d.journal().hasRoom()).orElse(true);
  }

  @Override
  public long busyNanos() {
    return durable.map(d -> d.thread().busyNanos()).orElse(0L);
  }

  @Override
  public long mended() {
    return durable.map(d -> d.journal().mended()).orElse(0L);
  }

  @Override
  public Histogram syncNanos() {
    return durable.map(d -> d.disk().syncNanos()).orElseGet(Histogram::ofNanos);
  }

  @Override
  public synchronized void close() {
    durable.ifPresent(d -> {
      d.thread().close();
      d.reader().close();
      try {
        d.disk().close();
      } catch (IOException e) {
        LOG.warn("closing the data directory: {}", e.getMessage());
      }
    });
  }
}
