package dev.paxoskv.server.service;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.server.machine.KvStateMachine;
import dev.paxoskv.server.machine.Result;
import dev.paxoskv.server.service.RequestMeter.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads that were admitted here and have no answer yet. They do not enter the log: the host says
 * when the state of this server holds everything that a read must see. Those that arrive together
 * ask together. One that cannot be answered in time is put off, as its client may know a server
 * that hears a majority.
 */
final class Reads {
  /** So long a read waits. */
  static final int PATIENCE_TICKS = 200;

  /** Most batches that wait for the host; the rest gathers here, where it can be put off. */
  private static final int BATCHES_MAX = 4;

  private static final class Read {
    final long number;
    final Query query;
    final ReplyTo replyTo;
    final long dueTick;
    final long since;
    boolean isOver;

    Read(long number, Query query, ReplyTo replyTo, long dueTick, long since) {
      this.number = number;
      this.query = query;
      this.replyTo = replyTo;
      this.dueTick = dueTick;
      this.since = since;
    }
  }

  private final Host host;
  private final Supplier<KvStateMachine> state;
  private final RequestMeter meter;

  /** In the order of arrival, which is that of being due, too. */
  private final ArrayDeque<Read> unanswered = new ArrayDeque<>();

  private List<Read> gathered = new ArrayList<>();
  private int batches;
  private int count;
  private long bytes;
  private long now;

  Reads(Host host, Supplier<KvStateMachine> state, RequestMeter meter) {
    this.host = host;
    this.state = state;
    this.meter = meter;
  }

  int count() {
    return count;
  }

  /** Bytes of the commands. */
  long bytes() {
    return bytes;
  }

  void add(long number, Query query, ReplyTo replyTo) {
    Read read = new Read(number, query, replyTo, now + PATIENCE_TICKS, meter.now());
    unanswered.addLast(read);
    gathered.add(read);
    count++;
    bytes += query.bytes();
  }

  /** Before effects are performed: what gathered in this step asks together. */
  void ask() {
    if (!gathered.isEmpty() && batches < BATCHES_MAX) {
      List<Read> batch = gathered;
      gathered = new ArrayList<>();
      batches++;
      host.read(() -> answer(batch));
    }
  }

  private void answer(List<Read> batch) {
    batches--;
    for (Read read : batch) {
      if (!read.isOver) {
        over(read);
        answer(read);
      }
    }
  }

  private void answer(Read read) {
    Optional<String> doubt = state.get().comparison().doubt();
    if (doubt.isPresent()) {
      meter.count(read.query.kind(), Outcome.RETRY_LATER);
      read.replyTo.retryLater(read.number, doubt.get());
    } else {
      Result result = read.query.look().apply(state.get());
      meter.completed(read.query.kind(), read.since, result);
      read.replyTo.completed(read.number, result);
    }
  }

  void tick() {
    now++;
    while (!unanswered.isEmpty()
        && (unanswered.getFirst().isOver || unanswered.getFirst().dueTick <= now)) {
      Read read = unanswered.removeFirst();
      if (!read.isOver) {
        over(read);
        meter.count(read.query.kind(), Outcome.RETRY_LATER);
        read.replyTo.retryLater(
            read.number,
            "for " + PATIENCE_TICKS * PaxosNode.TICK_MILLIS
                + " ms this server could not make sure that it knows of all"
                + " writes; another server may hear more of the others");
      }
    }
  }

  /** Gives up reads that nobody waits for. */
  void dropAbandoned() {
    unanswered.stream().filter(read -> !read.isOver && !read.replyTo.isOpen()).forEach(this::over);
    unanswered.removeIf(read -> read.isOver);
    gathered.removeIf(read -> read.isOver);
  }

  private void over(Read read) {
    read.isOver = true;
    count--;
    bytes -= read.query.bytes();
  }
}
