package dev.paxoskv.paxos.protocol.roles;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Decided;
import dev.paxoskv.paxos.protocol.Message.Done;
import dev.paxoskv.paxos.protocol.Message.Entry;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.PrepareRange;
import dev.paxoskv.paxos.protocol.Message.Register;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Talk.Forward;
import dev.paxoskv.paxos.protocol.Talk.News;
import dev.paxoskv.paxos.protocol.Talk.Ping;
import dev.paxoskv.paxos.protocol.Talk.Pull;
import dev.paxoskv.paxos.protocol.Talk.ReadCheck;
import dev.paxoskv.paxos.protocol.Talk.ReadChecked;
import dev.paxoskv.paxos.protocol.Talk.Span;
import dev.paxoskv.paxos.protocol.Value;
import java.util.List;
import java.util.Optional;

/** What this peer does with each kind of request. */
final class RequestRoutes implements Message.RequestHandler {
  private final Roles roles;

  RequestRoutes(Roles roles) {
    this.roles = roles;
  }

  @Override
  public void onPrepare(int from, Prepare prepare) {
    roles.seen(prepare.seq(), prepare.ballot());
    if (!repliedWithDecision(prepare.seq()) && !roles.acceptor.abstains(prepare.seq())) {
      replyWithVote(roles.acceptor.onPrepare(prepare));
    }
  }

  @Override
  public void onPrepareRange(int from, PrepareRange prepare) {
    // No instance becomes known by it: nobody proposes anything yet.
    roles.seenEverywhere(prepare.ballot());
    replyWithVote(roles.acceptor.onPrepareRange(prepare, roles.learner.decided()));
  }

  @Override
  public void onAccept(int from, Accept accept) {
    roles.seen(accept.seq(), accept.ballot());
    if (!repliedWithDecision(accept.seq()) && !roles.acceptor.abstains(accept.seq())) {
      replyWithVote(roles.acceptor.onAccept(accept));
    }
  }

  @Override
  public void onDecided(int from, Decided decided) {
    long seq = decided.seq();
    if (seq < roles.done.floor()) {
      return;
    }
    roles.seen(seq);
    // Our own copy first, so that a large value is not kept twice; it is the same at one ballot.
    Optional<Value> value = roles.acceptor.valueAt(seq, decided.ballot()).or(decided::value);
    if (value.isPresent()) {
      roles.learn(seq, value.get());
    } else if (!roles.learner.isDecided(seq)) {
      // Our vote at that ballot was counted, but we have accepted at a higher one since.
      roles.catchUp.reminders().ask(from, new Fetch(seq, seq));
    }
  }

  @Override
  public void onDone(int from, Done message) {
    // The mark came with the envelope and is noted already.
  }

  @Override
  public void onFetch(int from, Fetch fetch) {
    if (fetch.first() < roles.done.floor()) {
      roles.outbox.reply(new Forgotten(fetch.first(), roles.done.all()));
      return;
    }
    Optional<Fetch> spilled = roles.learner.spilledOf(fetch);
    if (spilled.isPresent()) {
      roles.outbox.replyFromJournal(spilled.get());
    } else {
      roles.outbox.replyUngated(new Fetched(roles.learner.entries(fetch), roles.max));
    }
  }

  @Override
  public void onPing(int from, Ping ping) {
    // Ungated: who leads is no promise.
    roles.outbox.replyUngated(roles.election.onPing(from, ping));
  }

  @Override
  public void onForward(int from, Forward forward) {
    int leader = roles.election.leader();
    boolean isOther = leader != roles.config.me() && leader != from;
    if (forward.mayPass() && isOther && roles.election.reachesLeader()) {
      // Once only: two that each take the other for nearer would play ball.
      roles.tell(leader, new Forward(forward.value(), false));
    } else {
      roles.leadership.inbox().arrived(forward.value());
    }
  }

  @Override
  public void onReadCheck(int from, ReadCheck check) {
    // Ungated: a vote that is not durable yet may be told of, as it may come to count.
    roles.outbox.replyUngated(
        new ReadChecked(check.number(), roles.acceptor.accepted(check.except())));
  }

  @Override
  public void onPull(int from, Pull pull) {
    roles.outbox.servePiece(pull);
  }

  /** What a leader decided, as far as we accepted it from that leader; the rest is asked for. */
  void onNews(int from, News news) {
    for (Span span : news.spans()) {
      long missing = Long.MAX_VALUE;
      for (long seq = Math.max(span.first(), roles.done.floor()); seq <= span.last(); seq++) {
        roles.seen(seq);
        Optional<Value> value = roles.acceptor.valueAt(seq, news.ballot());
        if (value.isPresent()) {
          roles.learn(seq, value.get());
        } else if (!roles.learner.isDecided(seq)) {
          missing = Math.min(missing, seq);
        }
      }
      if (missing <= span.last()) {
        roles.catchUp.reminders().ask(from, new Fetch(missing, span.last()));
      }
    }
  }

  @Override
  public void onRegister(int from, Register register) {
    roles.registrar.onRegister(from, register);
  }

  /**
   * A majority is not needed to answer: what we have learnt is final, and saves the asker both
   * phases.
   */
  private boolean repliedWithDecision(long seq) {
    Optional<Value> value = roles.learner.value(seq);
    // Ungated: a decision rests on a majority's durable votes.
    value.ifPresent(
        v -> roles.outbox.replyUngated(new Fetched(List.of(new Entry(seq, v)), roles.max)));
    roles.learner.spilledOf(new Fetch(seq, seq)).ifPresent(roles.outbox::replyFromJournal);
    return roles.learner.isDecided(seq);
  }

  private void replyWithVote(Message.Answer answer) {
    if (answer instanceof Reject) {
      // Ungated: a refusal lets nobody conclude anything.
      roles.outbox.replyUngated(answer);
    } else {
      roles.outbox.reply(answer);
    }
  }
}
