package dev.paxoskv.paxos.net.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
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
import dev.paxoskv.paxos.protocol.Talk.Forward;
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
import dev.paxoskv.proto.peer.PeerFrame;

/**
 * Fills the frame's oneof with one message; the sender argument means nothing here. Does not copy
 * values.
 */
record Encoder(PeerFrame.Builder frame) implements Message.RequestHandler, Message.AnswerHandler {

  @Override
  public void onPrepare(int from, Prepare m) {
    frame.getPrepareBuilder().setSeq(m.seq()).setBallot(wire(m.ballot()));
  }

  @Override
  public void onPromise(int from, Promise m) {
    var promise = frame.getPromiseBuilder().setSeq(m.seq()).setBallot(wire(m.ballot()));
    m.vote().ifPresent(vote -> promise.setVote(wire(vote)));
  }

  @Override
  public void onPrepareRange(int from, PrepareRange m) {
    frame.getPrepareRangeBuilder().setBallot(wire(m.ballot())).setFrom(m.from());
  }

  @Override
  public void onRangePromise(int from, RangePromise m) {
    var promise = frame.getRangePromiseBuilder().setBallot(wire(m.ballot()));
    promise.setFirst(m.first()).setEnd(m.end());
    for (Report each : m.reports()) {
      var report = promise.addReportsBuilder().setSeq(each.seq());
      each.vote().ifPresent(vote -> report.setVote(wire(vote)));
      each.decided().ifPresent(value -> report.setDecided(bytes(value)));
    }
  }

  @Override
  public void onAccept(int from, Accept m) {
    frame.getAcceptBuilder().setSeq(m.seq()).setBallot(wire(m.ballot())).setValue(bytes(m.value()));
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
        .setPromised(wire(m.promised()))
        .setOfRange(m.isOfRange());
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
  public void onPing(int from, Ping m) {
    var ping = frame.getPingBuilder().setSent(m.sent());
    if (m.claim().isAbove(Ballot.ZERO)) {
      ping.setClaim(wire(m.claim()));
    }
  }

  @Override
  public void onPong(int from, Pong m) {
    frame
        .getPongBuilder()
        .setSent(m.sent())
        .setHearsLeader(m.hearsLeader())
        .setReachesLeader(m.reachesLeader())
        .setTakesWork(m.takesWork());
  }

  @Override
  public void onForward(int from, Forward m) {
    frame.getForwardBuilder().setValue(bytes(m.value())).setMayPass(m.mayPass());
  }

  @Override
  public void onReadCheck(int from, ReadCheck m) {
    var check = frame.getReadCheckBuilder().setNumber(m.number());
    if (m.except().isAbove(Ballot.ZERO)) {
      check.setExcept(wire(m.except()));
    }
  }

  @Override
  public void onReadChecked(int from, ReadChecked m) {
    frame.getReadCheckedBuilder().setNumber(m.number()).setHighestPlusOne(m.highest() + 1);
  }

  @Override
  public void onPull(int from, Pull m) {
    var pull = frame.getPullBuilder().setIndexPlusOne(m.index() + 1).setHash(m.hash());
    pull.setOffset(m.offset()).setBytesMax(m.bytesMax());
  }

  @Override
  public void onPiece(int from, Piece m) {
    var piece = frame.getPieceBuilder().setIndexPlusOne(m.index() + 1).setHash(m.hash());
    piece.setSize(m.size()).setOffset(m.offset()).setBytes(bytes(m.bytes()));
    piece.setChecksum(m.checksum());
  }

  void news(News news) {
    var wire = frame.getNewsBuilder().setBallot(wire(news.ballot()));
    for (Span span : news.spans()) {
      wire.addSpansBuilder().setFirst(span.first()).setLast(span.last());
    }
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

  private static dev.paxoskv.proto.peer.Vote wire(Vote vote) {
    return dev.paxoskv.proto.peer.Vote.newBuilder()
        .setBallot(wire(vote.ballot()))
        .setValue(bytes(vote.value()))
        .build();
  }
}
