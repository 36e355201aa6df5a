package dev.paxoskv.paxos.net.wire;

import com.google.protobuf.ByteString;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.NotRegistered;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Register;
import dev.paxoskv.paxos.protocol.Message.Registered;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Ping;
import dev.paxoskv.paxos.protocol.Talk.Pong;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Talk.ReadCheck;
import dev.paxoskv.paxos.protocol.Talk.ReadChecked;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.proto.peer.Life;
import dev.paxoskv.proto.peer.PeerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The only file that knows both the wire's generated types and the protocol's words. What it lets
 * in has been checked: instances and marks in range, ballots that a peer of this group can choose.
 */
public final class MessageCodec {
  /** Counting rounds up from here would take for ever; a higher one is a mistake. */
  private static final long ROUND_MAX = Long.MAX_VALUE / 2;

  private static final int REASON_CHARS_MAX = 2000;

  private final int peers;

  /** Makes the codec of a group of {@code peers}. */
  public MessageCodec(int peers) {
    this.peers = peers;
  }

  /** Does not copy values. */
  public PeerFrame encode(Envelope envelope) {
    PeerFrame.Builder frame =
        PeerFrame.newBuilder().setDone(envelope.done() + 1).setDurable(envelope.durable());
    Encoder encoder = new Encoder(frame);
    if (envelope.message() instanceof Message.Request request) {
      request.deliver(-1, encoder);
    } else if (envelope.message() instanceof Message.Answer answer) {
      answer.deliver(-1, encoder);
    }
    envelope.news().ifPresent(encoder::news);
    return frame.build();
  }

  /**
   * @param frame a frame that is not part of the greeting
   * @throws MalformedFrameException if no correct peer would send it
   */
  public Envelope decode(PeerFrame frame) {
    long done = mark(frame.getDone());
    Message message = switch (frame.getMessageCase()) {
      case PREPARE -> prepare(frame.getPrepare());
      case PROMISE -> promise(frame.getPromise());
      case PREPARE_RANGE -> prepareRange(frame.getPrepareRange());
      case RANGE_PROMISE -> rangePromise(frame.getRangePromise());
      case ACCEPT -> accept(frame.getAccept());
      case ACCEPTED -> accepted(frame.getAccepted());
      case REJECT -> reject(frame.getReject());
      case DECIDED -> decided(frame.getDecided());
      case DONE_ONLY -> new Done();
      case FORGOTTEN -> forgotten(frame.getForgotten());
      case FETCH -> fetch(frame.getFetch());
      case FETCHED -> fetched(frame.getFetched());
      case PING -> ping(frame.getPing());
      case PONG -> pong(frame.getPong());
      case FORWARD -> forward(frame.getForward());
      case READ_CHECK -> readCheck(frame.getReadCheck());
      case READ_CHECKED -> readChecked(frame.getReadChecked());
      case PULL -> pull(frame.getPull());
      case PIECE -> piece(frame.getPiece());
      case REGISTER -> register(frame.getRegister());
      case REGISTERED -> new Registered(Lives.member(frame.getRegistered().getLife()));
      case NOT_REGISTERED -> notRegistered(frame.getNotRegistered());
      default ->
        throw new MalformedFrameException("unexpected " + frame.getMessageCase() + " frame");
    };
    check(frame.getDurable() >= 0, "journal position " + frame.getDurable());
    Optional<News> news = frame.hasNews() ? Optional.of(news(frame.getNews())) : Optional.empty();
    check(news.isEmpty() || message instanceof Message.Request, "news with an answer");
    return new Envelope(done, frame.getDurable(), message, news);
  }

  private Prepare prepare(dev.paxoskv.proto.peer.Prepare m) {
    return new Prepare(seq(m.getSeq()), ballot(m.getBallot()));
  }

  private Promise promise(dev.paxoskv.proto.peer.Promise m) {
    Optional<Vote> vote = m.hasVote() ? Optional.of(vote(m.getVote())) : Optional.empty();
    return new Promise(seq(m.getSeq()), ballot(m.getBallot()), vote);
  }

  private Vote vote(dev.paxoskv.proto.peer.Vote m) {
    return new Vote(ballot(m.getBallot()), value(m.getValue()));
  }

  private PrepareRange prepareRange(dev.paxoskv.proto.peer.PrepareRange m) {
    return new PrepareRange(ballot(m.getBallot()), seq(m.getFrom()));
  }

  private RangePromise rangePromise(dev.paxoskv.proto.peer.RangePromise m) {
    List<Report> reports = new ArrayList<>();
    long next = seq(m.getFirst());
    for (dev.paxoskv.proto.peer.Report each : m.getReportsList()) {
      long seq = seq(each.getSeq());
      check(seq >= next && seq < m.getEnd(), "a report of " + seq + " out of its page");
      Optional<Vote> vote = each.hasVote() ? Optional.of(vote(each.getVote())) : Optional.empty();
      Optional<Value> decided =
          each.hasDecided() ? Optional.of(value(each.getDecided())) : Optional.empty();
      check(vote.isEmpty() || decided.isEmpty(), "a vote for what is decided in " + seq);
      reports.add(new Report(seq, vote, decided));
      next = seq + 1;
    }
    check(m.getEnd() >= next, "a page that ends at " + m.getEnd());
    return new RangePromise(ballot(m.getBallot()), m.getFirst(), m.getEnd(), reports);
  }

  private Accept accept(dev.paxoskv.proto.peer.Accept m) {
    return new Accept(seq(m.getSeq()), ballot(m.getBallot()), value(m.getValue()));
  }

  private Accepted accepted(dev.paxoskv.proto.peer.Accepted m) {
    return new Accepted(seq(m.getSeq()), ballot(m.getBallot()));
  }

  private Reject reject(dev.paxoskv.proto.peer.Reject m) {
    return new Reject(
        seq(m.getSeq()), ballot(m.getBallot()), ballot(m.getPromised()), m.getOfRange());
  }

  private Decided decided(dev.paxoskv.proto.peer.Decided m) {
    check(m.hasBallot() || m.hasValue(), "a decision with neither ballot nor value");
    Ballot ballot = m.hasBallot() ? ballot(m.getBallot()) : Ballot.ZERO;
    Optional<Value> value = m.hasValue() ? Optional.of(value(m.getValue())) : Optional.empty();
    return new Decided(seq(m.getSeq()), ballot, value);
  }

  private Forgotten forgotten(dev.paxoskv.proto.peer.Forgotten m) {
    check(m.getDoneCount() == peers, m.getDoneCount() + " done marks for " + peers + " peers");
    List<Long> marks =
        m.getDoneList().stream().map(MessageCodec::mark).collect(Collectors.toUnmodifiableList());
    return new Forgotten(seq(m.getSeq()), marks);
  }

  private static Fetch fetch(dev.paxoskv.proto.peer.Fetch m) {
    // The end may be open: the highest number of all, which is no instance.
    check(m.getLast() >= 0, "instance " + m.getLast());
    return new Fetch(seq(m.getFirst()), m.getLast());
  }

  private static Fetched fetched(dev.paxoskv.proto.peer.Fetched m) {
    List<Entry> entries = m.getEntriesList().stream()
        .map(e -> new Entry(seq(e.getSeq()), value(e.getValue())))
        .collect(Collectors.toUnmodifiableList());
    return new Fetched(entries, mark(m.getMaxPlusOne()));
  }

  private Ping ping(dev.paxoskv.proto.peer.Ping m) {
    check(m.getSent() >= 0, "tick " + m.getSent());
    return new Ping(m.getSent(), m.hasClaim() ? ballot(m.getClaim()) : Ballot.ZERO);
  }

  private static Talk.Forward forward(dev.paxoskv.proto.peer.Forward m) {
    return new Talk.Forward(value(m.getValue()), m.getMayPass());
  }

  private static Pong pong(dev.paxoskv.proto.peer.Pong m) {
    check(m.getSent() >= 0, "tick " + m.getSent());
    return new Pong(m.getSent(), m.getHearsLeader(), m.getReachesLeader(), m.getTakesWork());
  }

  private ReadCheck readCheck(dev.paxoskv.proto.peer.ReadCheck m) {
    check(m.getNumber() >= 0, "question " + m.getNumber());
    return new ReadCheck(m.getNumber(), m.hasExcept() ? ballot(m.getExcept()) : Ballot.ZERO);
  }

  private static ReadChecked readChecked(dev.paxoskv.proto.peer.ReadChecked m) {
    check(m.getNumber() >= 0, "question " + m.getNumber());
    return new ReadChecked(m.getNumber(), mark(m.getHighestPlusOne()));
  }

  private static Pull pull(dev.paxoskv.proto.peer.Pull m) {
    boolean isLength = m.getBytesMax() > 0 && m.getBytesMax() <= Pull.BYTES_MAX;
    check(isLength && m.getOffset() >= 0, "a piece of " + m.getBytesMax() + " bytes");
    return new Pull(mark(m.getIndexPlusOne()), m.getHash(), m.getOffset(), m.getBytesMax());
  }

  private static Piece piece(dev.paxoskv.proto.peer.Piece m) {
    long index = mark(m.getIndexPlusOne());
    Value bytes = value(m.getBytes());
    long end = m.getOffset() + bytes.size();
    check(m.getOffset() >= 0 && end >= 0 && end <= m.getSize(), "a piece up to byte " + end);
    return new Piece(index, m.getHash(), m.getSize(), m.getOffset(), bytes, m.getChecksum());
  }

  private News news(dev.paxoskv.proto.peer.News m) {
    check(m.getSpansCount() <= News.SPANS_MAX, m.getSpansCount() + " spans of news");
    List<Span> spans = new ArrayList<>();
    for (dev.paxoskv.proto.peer.Span each : m.getSpansList()) {
      Span span = new Span(seq(each.getFirst()), seq(each.getLast()));
      boolean isSpan = span.last() >= span.first() && span.last() - span.first() < Span.LENGTH_MAX;
      check(isSpan, "news of " + span);
      spans.add(span);
    }
    return new News(ballot(m.getBallot()), spans);
  }

  private static Register register(dev.paxoskv.proto.peer.Register m) {
    Life life = m.getLife();
    check(!life.getBootId().isEmpty() && !life.getMemberId().isEmpty(), "a member without ids");
    return new Register(Lives.member(life), life.getDurable());
  }

  private static NotRegistered notRegistered(dev.paxoskv.proto.peer.NotRegistered m) {
    // It goes into a log, where it must be one line.
    boolean isLine = m.getReason().chars().noneMatch(Character::isISOControl);
    check(isLine && m.getReason().length() <= REASON_CHARS_MAX, "a reason that is no line");
    return new NotRegistered(Lives.member(m.getLife()), m.getReason());
  }

  private Ballot ballot(dev.paxoskv.proto.peer.Ballot m) {
    boolean isCountable = m.getRound() > 0 && m.getRound() <= ROUND_MAX;
    check(isCountable && m.getIncarnation() >= 0, "ballot round " + m.getRound());
    check(m.getPeer() >= 0 && m.getPeer() < peers, "ballot of peer " + m.getPeer());
    return new Ballot(m.getRound(), m.getPeer(), m.getIncarnation());
  }

  private static long seq(long seq) {
    // The highest number of all is no instance: one more than an instance must be a number too.
    check(seq >= 0 && seq < Long.MAX_VALUE, "instance " + seq);
    return seq;
  }

  private static long mark(long plusOne) {
    check(plusOne >= 0, "done mark " + (plusOne - 1));
    return plusOne - 1;
  }

  private static Value value(ByteString bytes) {
    return Value.of(OwnBytes.of(bytes));
  }

  private static void check(boolean holds, String found) {
    if (!holds) {
      throw new MalformedFrameException(found);
    }
  }
}
