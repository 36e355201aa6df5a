package dev.paxoskv.server.explain;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.Ballot;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Status;
import dev.paxoskv.paxos.protocol.Value;
import dev.paxoskv.paxos.protocol.Vote;
import dev.paxoskv.paxos.protocol.view.InstanceView;
import dev.paxoskv.paxos.protocol.view.PeerView;
import dev.paxoskv.proto.kv.BallotName;
import dev.paxoskv.proto.kv.Driving;
import dev.paxoskv.proto.kv.Explain;
import dev.paxoskv.proto.kv.Explanation;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Answers {@code kv explain}. Protocol thread only. */
public final class Explainer {
  private final Host host;

  public Explainer(Host host) {
    this.host = host;
  }

  /** What this server knows, without asking the others. */
  public Explanation explain(Explain question) {
    PeerView peer = host.views().peer();
    Explanation.Builder answer = Explanation.newBuilder()
        .setIndex(host.me())
        .setSeq(-1)
        .setApplied(host.applied())
        .setMin(host.min())
        .setMax(host.max())
        .setLeader(host.leader())
        .addAllDone(peer.doneMarks())
        .addAllAnswering(indexes(peer.answering()));
    if (question.hasKey()) {
      KeySearch.newestWrite(host, question.getKey()).ifPresent(seq -> add(answer, seq));
    } else {
      add(answer, question.getSeq());
    }
    return answer.build();
  }

  private void add(Explanation.Builder answer, long seq) {
    InstanceView view = host.views().instance(seq);
    answer
        .setSeq(seq)
        .setFate(fate(view.status()))
        .setPromised(name(view.promised()))
        .setIsVoteLost(view.isVoteLost());
    view.vote().ifPresent(vote -> answer.setVoted(name(vote.ballot())));
    Optional<Value> value = view.status().value().or(() -> view.vote().map(Vote::value));
    value.ifPresent(known -> answer.setValueBytes(known.size()).setValueChecksum(known.checksum()));
    view.drive().ifPresent(drive -> answer.setDriving(driving(drive)));
  }

  private static Explanation.Fate fate(Status status) {
    if (status.equals(Status.FORGOTTEN)) {
      return Explanation.Fate.FORGOTTEN;
    }
    return status.isDecided() ? Explanation.Fate.DECIDED : Explanation.Fate.PENDING;
  }

  private static Driving driving(InstanceView.Drive drive) {
    return Driving.newBuilder()
        .setPhase(
            switch (drive.phase()) {
              case PREPARING -> Driving.Phase.PREPARING;
              case ACCEPTING -> Driving.Phase.ACCEPTING;
              case WAITING -> Driving.Phase.WAITING;
            })
        .setBallot(name(drive.ballot()))
        .setAttempts(drive.attempts())
        .addAllAgreed(indexes(drive.agreed()))
        .addAllRefused(indexes(drive.refused()))
        .addAllUnreachable(indexes(drive.unreachable()))
        .build();
  }

  private static BallotName name(Ballot ballot) {
    return BallotName.newBuilder()
        .setRound(ballot.round())
        .setPeer(ballot.peer())
        .build();
  }

  private static List<Integer> indexes(PeerSet peers) {
    return IntStream.range(0, Long.SIZE).filter(peers::has).boxed().toList();
  }
}
