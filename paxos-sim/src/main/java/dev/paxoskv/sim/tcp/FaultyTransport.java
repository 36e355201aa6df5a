package dev.paxoskv.sim.tcp;

import dev.paxoskv.paxos.host.Observer;
import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.net.NettyTransport;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Message.Accept;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Fetch;
import dev.paxoskv.paxos.protocol.Message.Fetched;
import dev.paxoskv.paxos.protocol.Message.Forgotten;
import dev.paxoskv.paxos.protocol.Message.Prepare;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.paxos.protocol.roles.Effect;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The network of one peer under a {@link FaultPlan}, above real TCP: it loses requests as they
 * leave and answers as they leave, and counts the requests that come in. Messages of a peer to
 * itself never come here.
 *
 * <p>When an answer gets lost, its asker is told that the request failed. Whose request that was,
 * the answer does not say, so the requests of this turn of the loop are remembered until they are
 * answered.
 */
public final class FaultyTransport implements Transport, Observer {
  private record Asked(int from, Message.Request request) {}

  private final int me;
  private final FaultPlan plan;
  private final SplittableRandom dice;
  private final AtomicLong requests = new AtomicLong();
  private final List<Asked> unanswered = new ArrayList<>();
  private Optional<NettyTransport> network = Optional.empty();

  public FaultyTransport(int me, FaultPlan plan) {
    this.me = me;
    this.plan = plan;
    this.dice = FaultPlan.dice(me);
  }

  /** To be given to the node, which has made {@code tcp}. */
  public Transport around(Transport tcp) {
    network = Optional.of((NettyTransport) tcp);
    plan.join(me, network.get());
    return this;
  }

  /** Requests of other peers that have arrived here so far, without heartbeats. */
  public long requests() {
    return requests.get();
  }

  @Override
  public void requested(int from, Message.Request request) {
    if (!(request instanceof Talk.Ping)) {
      requests.incrementAndGet();
    }
    unanswered.add(new Asked(from, request));
  }

  @Override
  public void send(int peer, Envelope envelope) {
    if (plan.losesRequest(me, peer, dice)) {
      plan.failed(me, peer, (Message.Request) envelope.message());
    } else {
      network.orElseThrow().send(peer, envelope);
    }
  }

  @Override
  public void reply(Effect.Connection connection, Envelope envelope) {
    Optional<Asked> asked = takeAsked((Message.Answer) envelope.message());
    if (plan.losesAnswer(dice)) {
      asked.ifPresent(a -> plan.failed(a.from(), me, a.request()));
    } else {
      network.orElseThrow().reply(connection, envelope);
    }
  }

  @Override
  public void flush() {
    unanswered.clear();
    network.orElseThrow().flush();
  }

  private Optional<Asked> takeAsked(Message.Answer answer) {
    for (Iterator<Asked> it = unanswered.iterator(); it.hasNext(); ) {
      Asked asked = it.next();
      if (isAnswerTo(asked.request(), answer)) {
        it.remove();
        return Optional.of(asked);
      }
    }
    return Optional.empty();
  }

  private static boolean isAnswerTo(Message.Request request, Message.Answer answer) {
    if (request instanceof Prepare prepare) {
      return (answer instanceof Promise p && p.ballot().equals(prepare.ballot()))
          ? p.seq() == prepare.seq()
          : isOtherAnswer(prepare.seq(), prepare.ballot(), answer);
    }
    if (request instanceof Accept accept) {
      return (answer instanceof Accepted a && a.ballot().equals(accept.ballot()))
          ? a.seq() == accept.seq()
          : isOtherAnswer(accept.seq(), accept.ballot(), answer);
    }
    return request instanceof Fetch && answer instanceof Fetched;
  }

  /** Whether {@code answer} is one that Prepare and Accept have in common, and to this one. */
  private static boolean isOtherAnswer(long seq, Ballot ballot, Message.Answer answer) {
    if (answer instanceof Reject reject) {
      return reject.seq() == seq && reject.ballot().equals(ballot);
    }
    if (answer instanceof Fetched fetched) {
      return fetched.entries().size() == 1 && fetched.entries().get(0).seq() == seq;
    }
    return answer instanceof Forgotten forgotten && forgotten.seq() == seq;
  }
}
