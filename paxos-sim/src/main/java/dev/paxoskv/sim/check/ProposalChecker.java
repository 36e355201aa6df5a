package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Message.Accept;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * G3: once a value is chosen at a ballot, every Accept of that instance at a higher ballot carries
 * it, also one that was sent before anybody could know. Sees a broken promise before it does harm.
 */
final class ProposalChecker implements Witness {
  static final String RULE = "G3 higher ballots carry the chosen value";

  private final VoteChecker votes;
  private final TreeMap<Long, List<Accept>> accepts = new TreeMap<>();

  /**
   * Checks proposals against votes.
   *
   * @param votes must be told of a record before this checker is
   */
  ProposalChecker(VoteChecker votes) {
    this.votes = votes;
  }

  @Override
  public void sent(Hop hop) {
    if (hop.message() instanceof Accept accept) {
      accepts.computeIfAbsent(accept.seq(), seq -> new ArrayList<>()).add(accept);
      votes.chosen(accept.seq()).ifPresent(choice -> check(accept, choice));
    }
  }

  @Override
  public void recorded(int peer, DurableRecord record) {
    if (record instanceof DurableRecord.Voted) {
      List<Accept> sofar = accepts.getOrDefault(record.seq(), List.of());
      votes
          .chosen(record.seq())
          .ifPresent(choice -> sofar.forEach(accept -> check(accept, choice)));
    }
  }

  private static void check(Accept accept, VoteChecker.Choice choice) {
    boolean isLater = accept.ballot().isAbove(choice.ballot());
    if (isLater && !accept.value().equals(choice.value())) {
      throw new Violation(
          RULE,
          "instance " + accept.seq() + ": " + choice.value() + " is chosen at " + choice.ballot()
              + ", but " + accept.value() + " is proposed at " + accept.ballot());
    }
  }
}
