package dev.paxoskv.paxos.net.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
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
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Register;
import dev.paxoskv.paxos.protocol.Message.Registered;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.proto.peer.Life;
import dev.paxoskv.proto.peer.PeerFrame;
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
      case ACCEPT -> accept(frame.getAccept());
      case ACCEPTED -> accepted(frame.getAccepted());
      case REJECT -> reject(frame.getReject());
      case DECIDED -> decided(frame.getDecided());
      case DONE_ONLY -> new Done();
      case FORGOTTEN -> forgotten(frame.getForgotten());
      case FETCH -> fetch(frame.getFetch());
      case FETCHED -> fetched(frame.getFetched());
      case REGISTER -> register(frame.getRegister());
      case REGISTERED -> new Registered(Lives.member(frame.getRegistered().getLife()));
      case NOT_REGISTERED -> notRegistered(frame.getNotRegistered());
      default ->
        throw new MalformedFrameException("unexpected " + frame.getMessageCase() + " frame");
    };
    check(frame.getDurable() >= 0, "journal position " + frame.getDurable());
    return new Envelope(done, frame.getDurable(), message);
  }

  private Prepare prepare(dev.paxoskv.proto.peer.Prepare m) {
    return new Prepare(seq(m.getSeq()), ballot(m.getBallot()));
  }

  private Promise promise(dev.paxoskv.proto.peer.Promise m) {
    Optional<Vote> vote = m.hasVote()
        ? Optional.of(
            new Vote(ballot(m.getVote().getBallot()), value(m.getVote().getValue())))
        : Optional.empty();
    return new Promise(seq(m.getSeq()), ballot(m.getBallot()), vote);
  }

  private Accept accept(dev.paxoskv.proto.peer.Accept m) {
    return new Accept(seq(m.getSeq()), ballot(m.getBallot()), value(m.getValue()));
  }

  private Accepted accepted(dev.paxoskv.proto.peer.Accepted m) {
    return new Accepted(seq(m.getSeq()), ballot(m.getBallot()));
  }

  private Reject reject(dev.paxoskv.proto.peer.Reject m) {
    return new Reject(seq(m.getSeq()), ballot(m.getBallot()), ballot(m.getPromised()));
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
    return Value.of(bytes.toByteArray());
  }

  private static void check(boolean holds, String found) {
    if (!holds) {
      throw new MalformedFrameException(found);
    }
  }

  private static ByteString bytes(Value value) {
    // A value never changes once it is made, so the frame may share its array.
    return UnsafeByteOperations.unsafeWrap(value.bytes());
  }

  private static dev.paxoskv.proto.peer.Ballot wire(Ballot ballot) {
    return dev.paxoskv.proto.peer.Ballot.newBuilder()
        .setRound(ballot.round())
        .setPeer(ballot.peer())
        .setIncarnation(ballot.incarnation())
        .build();
  }

  /** Fills the frame's oneof; the sender argument means nothing here. */
  private record Encoder(PeerFrame.Builder frame)
      implements Message.RequestHandler, Message.AnswerHandler {
    @Override
    public void onPrepare(int from, Prepare m) {
      frame.getPrepareBuilder().setSeq(m.seq()).setBallot(wire(m.ballot()));
    }

    @Override
    public void onPromise(int from, Promise m) {
      var promise = frame.getPromiseBuilder().setSeq(m.seq()).setBallot(wire(m.ballot()));
      m.vote()
          .ifPresent(
              v -> promise.getVoteBuilder().setBallot(wire(v.ballot())).setValue(bytes(v.value())));
    }

    @Override
    public void onAccept(int from, Accept m) {
      frame
          .getAcceptBuilder()
          .setSeq(m.seq())
          .setBallot(wire(m.ballot()))
          .setValue(bytes(m.value()));
    }

    @Override
    public void onAccepted(int from, Accepted m) {
      frame.getAcceptedBuilder().setSeq(m.seq()).setBallot(wire(m.ballot()));
    }

    @Override
    public void onReject(int from, Reject m) {
      frame
          .getRejectBuilder()
          .setSeq(m.seq())
          .setBallot(wire(m.ballot()))
          .setPromised(wire(m.promised()));
    }

    @Override
    public void onDecided(int from, Decided m) {
      var decided = frame.getDecidedBuilder().setSeq(m.seq());
      if (!m.ballot().equals(Ballot.ZERO)) {
        decided.setBallot(wire(m.ballot()));
      }
      m.value().ifPresent(v -> decided.setValue(bytes(v)));
    }

    @Override
    public void onDone(int from, Done m) {
      frame.setDoneOnly(dev.paxoskv.proto.peer.Done.getDefaultInstance());
    }

    @Override
    public void onForgotten(int from, Forgotten m) {
      var forgotten = frame.getForgottenBuilder().setSeq(m.seq());
      m.doneMarks().forEach(mark -> forgotten.addDone(mark + 1));
    }

    @Override
    public void onFetch(int from, Fetch m) {
      frame.getFetchBuilder().setFirst(m.first()).setLast(m.last());
    }

    @Override
    public void onFetched(int from, Fetched m) {
      var fetched = frame.getFetchedBuilder().setMaxPlusOne(m.max() + 1);
      m.entries()
          .forEach(e -> fetched.addEntriesBuilder().setSeq(e.seq()).setValue(bytes(e.value())));
    }

    @Override
    public void onRegister(int from, Register m) {
      frame.getRegisterBuilder().setLife(Lives.of(m.member(), m.durable()));
    }

    @Override
    public void onRegistered(int from, Registered m) {
      frame.getRegisteredBuilder().setLife(Lives.of(m.member(), 0));
    }

    @Override
    public void onNotRegistered(int from, NotRegistered m) {
      frame.getNotRegisteredBuilder().setLife(Lives.of(m.member(), 0)).setReason(m.reason());
    }
  }
}
