package dev.paxoskv.sim.golden;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What must hold in every state: at most one value per instance is ever voted for by a majority
 * whose votes are durable; whoever decides decides that value; somebody has proposed it; one ballot
 * stands for one value.
 */
public final class Safety {
  private record Attempt(long seq, Vote vote) {}

  /**
   * What of one peer matters here.
   *
   * @param votes the durable ones, from the first on
   * @param decisions all it ever learnt
   */
  public record Facts(Set<DurableRecord> votes, Map<Long, Value> decisions) {
    /** The facts of {@code peer} at this moment. */
    public static Facts of(HandPeer peer) {
      Set<DurableRecord> votes = peer.durable().stream()
          .filter(DurableRecord.Voted.class::isInstance)
          .collect(Collectors.toUnmodifiableSet());
      return new Facts(votes, Map.copyOf(peer.decisions()));
    }
  }

  private final Quorum quorum;
  private final Map<Long, Set<Value>> proposed;

  /** Checks a group of {@code peers} whose applications started what is in {@code proposed}. */
  public Safety(int peers, Map<Long, Set<Value>> proposed) {
    this.quorum = new Quorum(peers);
    this.proposed = proposed;
  }

  /** What is wrong, if anything is. */
  public Optional<String> check(List<Facts> peers) {
    Map<Attempt, PeerSet> voters = new HashMap<>();
    Set<String> ballots = new HashSet<>();
    for (int peer = 0; peer < peers.size(); peer++) {
      for (DurableRecord each : peers.get(peer).votes()) {
        DurableRecord.Voted voted = (DurableRecord.Voted) each;
        Attempt attempt = new Attempt(voted.seq(), voted.vote());
        boolean isNew = !voters.containsKey(attempt);
        voters.merge(attempt, PeerSet.EMPTY.with(peer), PeerSet::union);
        if (isNew && !ballots.add(voted.seq() + " " + voted.vote().ballot())) {
          return Optional.of("two values at one ballot: " + voted);
        }
      }
    }
    return check(peers, voters);
  }

  private Optional<String> check(List<Facts> peers, Map<Attempt, PeerSet> voters) {
    Map<Long, Value> chosen = new HashMap<>();
    for (Map.Entry<Attempt, PeerSet> entry : voters.entrySet()) {
      if (quorum.isReached(entry.getValue())) {
        Attempt attempt = entry.getKey();
        Value value = attempt.vote().value();
        Value first = chosen.computeIfAbsent(attempt.seq(), seq -> value);
        if (!first.equals(value)) {
          return Optional.of("two values chosen in seq=" + attempt.seq() + ": "
              + Set.of(first.toString(), value.toString()).stream().sorted().toList());
        }
      }
    }
    return decisions(peers, chosen);
  }

  private Optional<String> decisions(List<Facts> peers, Map<Long, Value> chosen) {
    for (int peer = 0; peer < peers.size(); peer++) {
      for (Map.Entry<Long, Value> decision : peers.get(peer).decisions().entrySet()) {
        long seq = decision.getKey();
        Value value = decision.getValue();
        String who = "peer " + peer + " decided seq=" + seq + " " + value;
        boolean isProposed = proposed.getOrDefault(seq, Set.of()).contains(value);
        if (!isProposed) {
          return Optional.of(who + ", which nobody proposed");
        } else if (!Optional.of(value).equals(Optional.ofNullable(chosen.get(seq)))) {
          return Optional.of(who + ", which no majority of durable votes has chosen");
        }
      }
    }
    return Optional.empty();
  }
}
