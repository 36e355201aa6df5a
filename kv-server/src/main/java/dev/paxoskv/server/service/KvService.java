package dev.paxoskv.server.service;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.proto.kv.Command;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.SessionId;
import dev.paxoskv.server.machine.command.CommandReader;
import dev.paxoskv.server.service.Pending.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gets admitted writes into the log: through the leader, if another server is it, and else by
 * itself; reads do without the log ({@link Reads}). Commands that arrive together, or while earlier
 * batches are under way, share the next batch; a few batches are under way at once. A batch that
 * loses its instance to another server's goes into the next free one. No timer holds a command
 * back.
 */
public final class KvService {
  /** Most instances of ours under way at once. */
  static final int WINDOW = 4;

  /** Most bytes of commands in a batch, unless one command alone is larger. */
  static final int BATCH_BYTES_MAX = 1 << 20;

  /** Most commands in a batch. */
  static final int BATCH_COMMANDS_MAX = 8192;

  private final Host host;
  private final Pending pending;
  private final HoleFiller holes;
  private final Forwarding forwarding;
  private final BatchClock clock;
  private final Statements statements;
  private final Reads reads;
  private final Admission admission;
  private final RequestMeter meter;
  private final WaitingWrites waiting;
  private final TreeMap<Long, List<Operation>> underWay = new TreeMap<>();
  private long lastProposed = -1;

  /** Port to what keeps this server from taking writes on. */
  public interface Health {
    /** Nothing does. */
    Health FINE = Optional::empty;

    /** Why a write is to be put off, in words for its client; empty if it need not. */
    Optional<String> putOff();
  }

  /**
   * Makes the service of one server.
   *
   * @param state what reads look at, as it is now
   */
  public KvService(
      Host host,
      Pending pending,
      RandomGenerator dice,
      Health health,
      Supplier<KvStateMachine> state) {
    this.host = host;
    this.pending = pending;
    this.holes = new HoleFiller(host, dice);
    this.forwarding = new Forwarding(host);
    this.meter = pending.meter();
    this.reads = new Reads(host, state, meter);
    this.waiting = new WaitingWrites(pending);
    Health whole = () -> health.putOff().or(() -> state.get().comparison().doubt());
    this.admission = new Admission(host, pending, waiting, reads, whole);
    this.clock = new BatchClock(() -> state.get().time());
    this.statements = new Statements(host, () -> state.get().comparison());
  }

  /**
   * Takes a command in, or answers at once why not.
   *
   * @param command parsed
   * @param bytes the same command as it came; these bytes go into the log
   */
  public void submit(Command command, ByteString bytes, ReplyTo replyTo) {
    if (admission.isFaulty(command, bytes, replyTo)) {
      return;
    }
    Optional<Query> query = Query.of(command, bytes.size());
    if (query.isPresent()) {
      read(command.getNumber(), query.get(), replyTo);
    } else {
      admission.admit(command, bytes, replyTo);
    }
  }

  /**
   * Takes a write of one key in, or answers at once why not.
   *
   * @param write shows it, until this returns
   * @param bytes the same as it came
   */
  public void submit(CommandReader write, ByteString bytes, ReplyTo replyTo) {
    admission.take(write, bytes, replyTo);
  }

  /**
   * Writes that keep their order, whatever becomes of them: those that are admitted share a batch.
   * At most {@value #BATCH_COMMANDS_MAX}, and as bytes go into one batch; nothing else is submitted
   * between the first and the last.
   */
  public final class Unit {
    private @Nullable Operation first;

    private Unit() {}

    /** As {@link KvService#submit(CommandReader, ByteString, ReplyTo)}. */
    public void submit(CommandReader write, ByteString bytes, ReplyTo replyTo) {
      add(admission.take(write, bytes, replyTo));
    }

    /** Takes a write in, or answers at once why not. */
    public void submit(Command write, ByteString bytes, ReplyTo replyTo) {
      if (!admission.isFaulty(write, bytes, replyTo)) {
        add(admission.admit(write, bytes, replyTo));
      }
    }

    private void add(@Nullable Operation next) {
      if (first == null) {
        first = next;
      } else if (next != null) {
        first.takeAlong(next);
      }
    }
  }

  /** Begins a unit. */
  public Unit unit() {
    return new Unit();
  }

  /**
   * Gives a write up that nobody waits for any more.
   *
   * @return whether it was certainly never proposed, and so has no effect
   */
  public boolean withdraw(SessionId session, long number) {
    return pending.withdraw(session, number);
  }

  /**
   * Why no majority could keep a write, if that is because of disks; empty if not. Refused now, it
   * certainly does not happen; begun, it would wait for somebody to make room.
   */
  public static Optional<String> lackOfDisks(Host host) {
    PeerSet inTheWay = host.inTheWay();
    return inTheWay.size() == 0
        ? Optional.empty()
        : Optional.of("without servers whose disks are full or stuck there is no majority; these"
            + " are, by index: " + inTheWay);
  }

  /** Takes a read in, whose answer is to have this number, or answers at once why not. */
  public void read(long number, Query query, ReplyTo replyTo) {
    if (admission.hasRoomFor(query.kind(), number, query.bytes(), replyTo)) {
      reads.add(number, query, replyTo);
    }
  }

  /** Before effects are performed: what gathered in this step goes into batches. */
  public void propose() {
    admission.goOn();
    reads.ask();
    int way = forwarding.way();
    boolean isHandedOn = way >= 0;
    statements.gather(way);
    while (isHandedOn ? forwarding.hasRoom() : underWay.size() < WINDOW) {
      List<Operation> operations = waiting.nextBatch();
      if (operations.isEmpty()) {
        break;
      } else if (isHandedOn) {
        forwarding.hand(way, operations);
      } else {
        start(operations);
      }
    }
    while (underWay.size() < WINDOW && hasForOthers()) {
      start(List.of());
    }
  }

  /** Whether there is something to propose that is no command of a client of ours. */
  private boolean hasForOthers() {
    return host.hasForwarded() || !statements.isEmpty();
  }

  /** In the next free instance, together with what other servers have handed over. */
  private void start(List<Operation> operations) {
    List<Value> handed = new ArrayList<>();
    long bytes = 0;
    while (hasForOthers() && bytes < BATCH_BYTES_MAX) {
      Value batch = statements.isEmpty() ? host.takeForwarded() : statements.take();
      bytes += batch.size();
      handed.add(batch);
    }
    lastProposed = Math.max(lastProposed, host.max()) + 1;
    underWay.put(lastProposed, operations);
    host.start(lastProposed, Batches.join(clock.stamp(), handed, operations));
  }

  /**
   * After effects were performed: commands whose instance went to somebody else are queued again,
   * before all others.
   *
   * @return whether there is something to propose now
   */
  public boolean settle() {
    while (!underWay.isEmpty() && underWay.firstKey() <= host.applied()) {
      Map.Entry<Long, List<Operation>> settled = underWay.pollFirstEntry();
      waiting.addAgain(settled.getValue());
    }
    waiting.addAgain(forwarding.settle());
    boolean hasRoom = forwarding.way() < 0 ? underWay.size() < WINDOW : forwarding.hasRoom();
    return (!waiting.isEmpty() && hasRoom) || (hasForOthers() && underWay.size() < WINDOW);
  }

  public void tick() {
    clock.tick();
    statements.tick();
    holes.tick();
    forwarding.tick();
    reads.tick();
  }

  /** How many commands were admitted and have no answer yet. */
  public int count() {
    return pending.count() + reads.count();
  }

  /** Bytes of those commands. */
  public long bytes() {
    return pending.bytes() + reads.bytes();
  }
}
