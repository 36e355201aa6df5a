package dev.paxoskv.paxos.net.wire;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Member;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/** Messages that a correct peer of a group could send, small numbers and large ones alike. */
final class RandomMessages {
  static final int KINDS = 23;

  private final SplittableRandom dice;
  private final int peers;

  RandomMessages(long seed, int peers) {
    this.dice = new SplittableRandom(seed);
    this.peers = peers;
  }

  Envelope next(int kind) {
    Message message = message(kind);
    boolean hasNews = message instanceof Message.Request && dice.nextInt(3) == 0;
    Optional<News> news = hasNews ? Optional.of(news()) : Optional.empty();
    return new Envelope(mark(), dice.nextBoolean() ? 0 : seq(), message, news);
  }

  private News news() {
    List<Span> spans = new ArrayList<>();
    for (int i = dice.nextInt(4); i > 0; i--) {
      long first = seq() / 2;
      spans.add(new Span(first, first + dice.nextInt(Span.LENGTH_MAX)));
    }
    return new News(ballot(), spans);
  }

  private Message message(int kind) {
    return switch (kind) {
      case 0 -> new Message.Prepare(seq(), ballot());
      case 1 -> new Message.Promise(seq(), ballot(), vote());
      case 2 -> new Message.Accept(seq(), ballot(), value());
      case 3 -> new Message.Accepted(seq(), ballot());
      case 4 -> new Message.Reject(seq(), ballot(), ballot());
      case 5 -> new Message.Done();
      case 6 -> new Message.Forgotten(seq(), marks());
      case 7 -> new Message.Fetch(seq(), dice.nextBoolean() ? Long.MAX_VALUE : seq());
      case 8 -> new Message.Fetched(entries(), mark());
      case 9 -> new Message.Register(member(), seq());
      case 10 -> new Message.Registered(member());
      case 11 -> new Message.NotRegistered(member(), "because " + seq());
      case 12 -> new Message.PrepareRange(ballot(), seq());
      case 13 -> rangePromise();
      case 14 -> new Message.Reject(seq(), ballot(), ballot(), true);
      case 15 -> new Talk.Ping(seq(), dice.nextBoolean() ? ballot() : Ballot.ZERO);
      case 16 -> new Talk.Pong(seq(), dice.nextBoolean(), dice.nextBoolean(), dice.nextBoolean());
      case 17 -> new Talk.Forward(value(), dice.nextBoolean());
      case 18 -> new Talk.ReadCheck(seq(), dice.nextBoolean() ? ballot() : Ballot.ZERO);
      case 19 -> new Talk.ReadChecked(seq(), mark());
      case 20 ->
        new Talk.Pull(mark(), dice.nextLong(), seq(), 1 + dice.nextInt(Talk.Pull.BYTES_MAX));
      case 21 -> piece();
      default -> decided();
    };
  }

  private Message piece() {
    Value bytes = value();
    long offset = seq() / 2;
    return new Talk.Piece(
        mark(), dice.nextLong(), offset + bytes.size(), offset, bytes, dice.nextLong());
  }

  private Message rangePromise() {
    long first = seq() / 2;
    List<Message.Report> reports = new ArrayList<>();
    long next = first;
    for (int i = dice.nextInt(4); i > 0; i--) {
      Optional<Vote> vote = vote();
      boolean isDecided = vote.isEmpty() && dice.nextBoolean();
      next += dice.nextInt(3);
      reports.add(
          new Message.Report(next, vote, isDecided ? Optional.of(value()) : Optional.empty()));
      next++;
    }
    return new Message.RangePromise(
        ballot(), first, dice.nextBoolean() ? next : Long.MAX_VALUE, reports);
  }

  private Member member() {
    return new Member(id(), seq(), id());
  }

  private String id() {
    return String.format(Locale.ROOT, "%016x%016x", dice.nextLong(), dice.nextLong());
  }

  private Message decided() {
    return dice.nextBoolean()
        ? new Message.Decided(seq(), Ballot.ZERO, Optional.of(value()))
        : new Message.Decided(
            seq(), ballot(), dice.nextBoolean() ? Optional.of(value()) : Optional.empty());
  }

  private long seq() {
    return dice.nextLong(Long.MAX_VALUE) >>> dice.nextInt(63);
  }

  private long mark() {
    return seq() - 1;
  }

  private Ballot ballot() {
    return new Ballot(1 + seq() / 2, dice.nextInt(peers), seq());
  }

  private Value value() {
    byte[] bytes = new byte[dice.nextInt(1 + (1 << dice.nextInt(10)))];
    dice.nextBytes(bytes);
    return Value.of(bytes);
  }

  private Optional<Vote> vote() {
    return dice.nextBoolean() ? Optional.of(new Vote(ballot(), value())) : Optional.empty();
  }

  private List<Long> marks() {
    List<Long> marks = new ArrayList<>();
    for (int peer = 0; peer < peers; peer++) {
      marks.add(mark());
    }
    return marks;
  }

  private List<Message.Entry> entries() {
    List<Message.Entry> entries = new ArrayList<>();
    int count = dice.nextInt(5);
    for (int i = 0; i < count; i++) {
      entries.add(new Message.Entry(seq(), value()));
    }
    return entries;
  }
}
