package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.DurableRecord.Voted;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import java.util.Optional;
import java.util.TreeMap;

/**
 * G1: at most one value of an instance ever gets a majority of durable votes, and nobody learns
 * another. Keeps every vote that was ever durable, whatever becomes of the voter.
 */
final class VoteChecker implements Witness {
  static final String RULE = "G1 one value";

  /** What was chosen, and under which ballot first. */
  record Choice(Ballot ballot, Value value) {}

  /** The votes of one instance. */
  private static final class Instance {
    final TreeMap<Ballot, Value> values = new TreeMap<>();
    final TreeMap<Ballot, PeerSet> voters = new TreeMap<>();
    Optional<Choice> chosen = Optional.empty();
  }

  private final Quorum quorum;
  private final TreeMap<Long, Instance> instances = new TreeMap<>();

  VoteChecker(int peers) {
    this.quorum = new Quorum(peers);
  }

  @Override
  public void recorded(int peer, DurableRecord record) {
    if (record instanceof Voted voted) {
      voted(peer, voted.seq(), voted.vote().ballot(), voted.vote().value());
    }
  }

  @Override
  public void recovered(int peer, Recovered recovered) {
    recovered
        .instances()
        .forEach((seq, instance) ->
            instance.vote().ifPresent(vote -> voted(peer, seq, vote.ballot(), vote.value())));
  }

  private void voted(int peer, long seq, Ballot ballot, Value value) {
    Instance instance = instances.computeIfAbsent(seq, s -> new Instance());
    Value other = instance.values.putIfAbsent(ballot, value);
    if (other != null && !other.equals(value)) {
      throw new Violation(
          RULE, "votes for " + other + " and for " + value + " at ballot " + ballot + " of " + seq);
    }
    PeerSet voters = instance.voters.getOrDefault(ballot, PeerSet.EMPTY).with(peer);
    instance.voters.put(ballot, voters);
    if (quorum.isReached(voters)) {
      chosen(seq, instance, new Choice(ballot, value));
    }
  }

  private static void chosen(long seq, Instance instance, Choice choice) {
    Choice before = instance.chosen.orElse(choice);
    if (!before.value().equals(choice.value())) {
      throw new Violation(
          RULE,
          "instance " + seq + " has a majority for " + before.value() + " at " + before.ballot()
              + " and for " + choice.value() + " at " + choice.ballot());
    }
    boolean isFirst = !before.ballot().isAbove(choice.ballot());
    instance.chosen = Optional.of(isFirst ? before : choice);
  }

  @Override
  public void decided(int peer, long seq, Value value) {
    boolean isChosen =
        chosen(seq).filter(choice -> choice.value().equals(value)).isPresent();
    if (!isChosen) {
      throw new Violation(
          RULE,
          "peer " + peer + " learnt " + value + " in " + seq + " but chosen is "
              + chosen(seq).map(choice -> choice.value().toString()).orElse("nothing"));
    }
  }

  /** What a majority has voted for, with the lowest ballot at which it did. */
  Optional<Choice> chosen(long seq) {
    Instance instance = instances.get(seq);
    return instance == null ? Optional.empty() : instance.chosen;
  }
}
