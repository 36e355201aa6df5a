package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.NotRegistered;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.RangePromise;
import dev.paxoskv.paxos.protocol.Message.Registered;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Message.Report;
import dev.paxoskv.paxos.protocol.Talk.Piece;
import dev.paxoskv.paxos.protocol.Talk.Pong;
import dev.paxoskv.paxos.protocol.Talk.ReadChecked;
import dev.paxoskv.paxos.protocol.Value;
import java.util.Optional;

/** What this peer does with each kind of answer to its own requests. */
final class AnswerRoutes implements Message.AnswerHandler {
  private final Roles roles;

  AnswerRoutes(Roles roles) {
    this.roles = roles;
  }

  @Override
  public void onPromise(int from, Promise promise) {
    roles.proposer.onPromise(from, promise);
  }

  @Override
  public void onRangePromise(int from, RangePromise promise) {
    for (Report report : promise.reports()) {
      if (report.seq() >= roles.done.floor()) {
        roles.seen(report.seq());
      }
      if (roles.proposer.isDriving(report.seq())) {
        report.decided().ifPresent(value -> learn(from, new Entry(report.seq(), value)));
      }
    }
    roles.leadership.onRangePromise(from, promise);
  }

  @Override
  public void onAccepted(int from, Accepted accepted) {
    roles
        .proposer
        .onAccepted(from, accepted)
        .ifPresent(value -> roles.learn(accepted.seq(), value));
    if (roles.proposer.driving() == 0) {
      // No Accept is about to take them along.
      roles.tellNews();
    }
  }

  @Override
  public void onReject(int from, Reject reject) {
    roles.leadership.onReject(reject);
    roles.proposer.onReject(from, reject);
  }

  @Override
  public void onForgotten(int from, Forgotten forgotten) {
    for (int peer = 0; peer < roles.config.peers(); peer++) {
      // Our own mark is our application's to raise; what others hold of it can only be older.
      if (peer != roles.config.me()) {
        roles.raiseDone(peer, forgotten.doneMarks().get(peer));
      }
    }
    roles.catchUp.onForgotten(from, forgotten.seq());
  }

  @Override
  public void onFetched(int from, Fetched fetched) {
    if (roles.config.catchUpTicks() > 0) {
      // A log's owner must know how far it reaches, or it would propose where all is decided.
      roles.seen(fetched.max());
    }
    long missing = roles.catchUp.firstMissing();
    for (Entry entry : fetched.entries()) {
      learn(from, entry);
    }
    roles.catchUp.onFetched(from, fetched, roles.catchUp.firstMissing() > missing);
    roles.catchUp.reminders().onFetched(from);
  }

  @Override
  public void onRegistered(int from, Registered registered) {
    roles.registrar.onRegistered(from, registered);
  }

  @Override
  public void onNotRegistered(int from, NotRegistered refusal) {
    roles.registrar.onNotRegistered(from, refusal);
  }

  @Override
  public void onPong(int from, Pong pong) {
    roles.election.onPong(from, pong);
    if (roles.election.isRelay(from)) {
      // What is decided about our own comes this way only, and not by itself.
      roles.catchUp.askNow(from);
    }
  }

  @Override
  public void onReadChecked(int from, ReadChecked checked) {
    roles.reads.onReadChecked(from, checked);
  }

  @Override
  public void onPiece(int from, Piece piece) {
    roles.catchUp.pull().onPiece(from, piece);
  }

  private void learn(int teller, Entry entry) {
    boolean wasDriving = roles.proposer.isDriving(entry.seq());
    roles.learn(entry.seq(), entry.value());
    if (wasDriving) {
      tellOthers(teller, entry);
    }
  }

  /**
   * We asked everyone and one knew: the rest may not, and it was our proposal that raised the
   * question.
   */
  private void tellOthers(int teller, Entry entry) {
    for (int peer = 0; peer < roles.config.peers(); peer++) {
      if (peer != teller && peer != roles.config.me()) {
        Optional<Value> value = Optional.of(entry.value());
        roles.outbox.sendUngated(peer, new Decided(entry.seq(), Ballot.ZERO, value));
      }
    }
  }
}
