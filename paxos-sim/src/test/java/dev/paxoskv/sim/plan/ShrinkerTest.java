package dev.paxoskv.sim.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.host.Transport;
import dev.paxoskv.paxos.protocol.Envelope;
import dev.paxoskv.paxos.protocol.Message.Accepted;
import dev.paxoskv.paxos.protocol.Message.Promise;
import dev.paxoskv.paxos.protocol.Message.Reject;
import dev.paxoskv.paxos.protocol.roles.Effect;
import dev.paxoskv.sim.SimCluster.Mouth;
import dev.paxoskv.sim.plan.Campaign.Finding;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Peers that lie are found out, and what gives them away is told in a few lines. */
class ShrinkerTest {
  private static final int SEEDS = 300;
  private static final int EVENTS_MAX = 12;

  /** As if the acceptor had voted for nothing: the worst lie that a promise can tell. */
  private static final Mouth HIDES_VOTES =
      lying(envelope -> envelope.message() instanceof Promise promise
          ? new Envelope(
              envelope.done(), new Promise(promise.seq(), promise.ballot(), Optional.empty()))
          : envelope);

  /** As if the acceptor accepted below its promise. */
  private static final Mouth ACCEPTS_ALL =
      lying(envelope -> envelope.message() instanceof Reject reject
          ? new Envelope(envelope.done(), new Accepted(reject.seq(), reject.ballot()))
          : envelope);

  /** Never agrees to anything. */
  private static final Mouth NEVER_ACCEPTS =
      lying(envelope -> envelope.message() instanceof Accepted accepted
          ? new Envelope(
              envelope.done(), new Reject(accepted.seq(), accepted.ballot(), accepted.ballot()))
          : envelope);

  @Test
  void aHiddenVoteIsFoundAndShrunk() {
    assertThat(found(HIDES_VOTES).failure().rule()).isEqualTo("answers rest on durable records");
  }

  @Test
  void aVoteBelowThePromiseIsFoundAndShrunk() {
    assertThat(found(ACCEPTS_ALL).failure().rule()).isEqualTo("answers rest on durable records");
  }

  @Test
  void lackOfProgressIsFoundAndShrunk() {
    Finding finding = found(NEVER_ACCEPTS);
    assertThat(finding.failure().rule()).isEqualTo("G9 progress");
    assertThat(finding.smallest().events()).hasSize(1);
  }

  @Test
  void aPlanThatDoesNotFailStaysAsItIs() {
    Plan plan = Plan.ofSeed(5);
    assertThat(Shrinker.shrink(plan, PlanRun::of, 100)).isEqualTo(plan);
  }

  private static Finding found(Mouth mouth) {
    Campaign campaign = new Campaign(Plan::ofSeed, plan -> PlanRun.of(plan, mouth));
    long seed = 0;
    while (campaign.findings().isEmpty() && seed < SEEDS) {
      campaign.runSeed(seed++);
    }
    Finding finding = campaign.findings().get(0);
    System.out.print(finding);
    Plan smallest = finding.smallest();
    assertThat(smallest.events()).hasSizeLessThanOrEqualTo(EVENTS_MAX);
    Plan read = Plan.parse(smallest.toString());
    assertThat(PlanRun.of(read, mouth).failure().orElseThrow().rule())
        .isEqualTo(finding.failure().rule());
    assertThat(PlanRun.of(read).failure()).as("it is the lie that fails").isEmpty();
    return finding;
  }

  private static Mouth lying(UnaryOperator<Envelope> lie) {
    return (peer, transport) -> new Transport() {
      @Override
      public void send(int to, Envelope envelope) {
        transport.send(to, envelope);
      }

      @Override
      public void reply(Effect.Connection connection, Envelope envelope) {
        transport.reply(connection, lie.apply(envelope));
      }

      @Override
      public void flush() {
        transport.flush();
      }
    };
  }
}
