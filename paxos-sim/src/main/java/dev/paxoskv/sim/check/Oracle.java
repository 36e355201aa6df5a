package dev.paxoskv.sim.check;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.protocol.DurableRecord;
import dev.paxoskv.paxos.protocol.Quorum.PeerSet;
import dev.paxoskv.paxos.protocol.Recovered;
import dev.paxoskv.paxos.protocol.Value;
import java.util.ArrayList;
import java.util.List;

/** All the checkers of one run. */
public final class Oracle implements Witness {

  /** Where the peers are. */
  public interface Hosts {
    /** The host of {@code peer}. */
    Host of(int peer);
  }

  private final LivenessChecker liveness = new LivenessChecker();
  private final SilenceChecker silence = new SilenceChecker();
  private final List<Witness> witnesses;

  /**
   * The judge of one run.
   *
   * @param peers how many take part
   * @param others are told as well
   */
  public Oracle(int peers, List<? extends Witness> others) {
    this(agreement(peers));
    witnesses.addAll(List.of(
        new ValidityChecker(),
        new FormulaChecker(peers),
        new RetentionChecker(peers),
        liveness,
        silence));
    witnesses.addAll(others);
  }

  private Oracle(List<Witness> witnesses) {
    this.witnesses = new ArrayList<>(witnesses);
  }

  /**
   * One that judges only what passes between peers, for whoever does not tell it of starts and done
   * marks.
   */
  public static Oracle ofMessages(int peers, List<? extends Witness> others) {
    Oracle oracle = new Oracle(agreement(peers));
    oracle.witnesses.addAll(others);
    return oracle;
  }

  private static List<Witness> agreement(int peers) {
    VoteChecker votes = new VoteChecker(peers);
    return List.of(votes, new ProposalChecker(votes), new PromiseChecker(peers));
  }

  /**
   * Whether everything that was started at a peer of {@code core} is decided or forgotten there.
   */
  public boolean isAllSettled(PeerSet core, Hosts hosts) {
    return liveness.isDone(core, hosts);
  }

  /** The time for {@link #isAllSettled} is over. */
  public void requireAllSettled(PeerSet core, Hosts hosts) {
    liveness.check(core, hosts);
  }

  /** The peers of {@code idle} have nothing to do from now on. */
  public void requireSilence(PeerSet idle) {
    silence.begin(idle);
  }

  @Override
  public void started(int peer, long seq, Value value) {
    for (Witness witness : witnesses) {
      witness.started(peer, seq, value);
    }
  }

  @Override
  public void done(int peer, long seq) {
    for (Witness witness : witnesses) {
      witness.done(peer, seq);
    }
  }

  @Override
  public void recorded(int peer, DurableRecord record) {
    for (Witness witness : witnesses) {
      witness.recorded(peer, record);
    }
  }

  @Override
  public void recovered(int peer, Recovered recovered) {
    for (Witness witness : witnesses) {
      witness.recovered(peer, recovered);
    }
  }

  @Override
  public void sent(Hop hop) {
    for (Witness witness : witnesses) {
      witness.sent(hop);
    }
  }

  @Override
  public void arrived(Hop hop) {
    for (Witness witness : witnesses) {
      witness.arrived(hop);
    }
  }

  @Override
  public void failed(Hop hop) {
    for (Witness witness : witnesses) {
      witness.failed(hop);
    }
  }

  @Override
  public void decided(int peer, long seq, Value value) {
    for (Witness witness : witnesses) {
      witness.decided(peer, seq, value);
    }
  }

  @Override
  public void settled(int peer, Host host) {
    for (Witness witness : witnesses) {
      witness.settled(peer, host);
    }
  }
}
