package dev.paxoskv.server;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log what an operator wants to know of the group: who leads, who is not heard of any
 * more, whether this server is behind. Looks at every tick, and speaks when something has changed.
 * Protocol thread only.
 */
final class Events {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);

  /** So many instances behind what is known to exist is worth a line. */
  static final long BEHIND_INSTANCES = 1000;

  private final PaxosNode node;
  private int leader = -1;
  private long leaderChanges;
  private List<Integer> heard = List.of();
  private boolean isBehind;
  private long mended;

  Events(PaxosNode node) {
    this.node = node;
  }

  /** How often another leader was heard of than the one before. */
  long leaderChanges() {
    return leaderChanges;
  }

  void tick() {
    Host host = node.host();
    lookForLeader(host);
    lookForPeers();
    lookForLag(host);
    lookForRot(node.disk().mended());
  }

  private void lookForRot(long now) {
    if (now > mended) {
      LOG.warn(
          "the disk has lost part of the log, for the {}. time since the start; what was lost is"
              + " written again: replace the disk soon",
          now);
      mended = now;
    }
  }

  private void lookForLeader(Host host) {
    int now = host.leader();
    if (now >= 0 && now != leader) {
      leaderChanges++;
      String before = leader < 0 ? "" : ", after server " + leader;
      LOG.info("server {} leads{}{}", now, now == host.me() ? ", which is this one" : "", before);
      leader = now;
    }
  }

  private void lookForPeers() {
    List<Integer> now = node.network().heardWithin(ServerView.SEEN_MILLIS);
    if (now.equals(heard)) {
      return;
    }
    List<Integer> lost = new ArrayList<>(heard);
    lost.removeAll(now);
    List<Integer> found = new ArrayList<>(now);
    found.removeAll(heard);
    lost.forEach(
        peer -> LOG.warn("server {} has not been heard for {} ms", peer, ServerView.SEEN_MILLIS));
    found.forEach(peer -> LOG.info("server {} is heard", peer));
    heard = now;
  }

  private void lookForLag(Host host) {
    long missing = host.max() - host.applied();
    if (!isBehind && missing > BEHIND_INSTANCES) {
      isBehind = true;
      LOG.info("catching up: applied {}, and there is {}", host.applied(), host.max());
    } else if (isBehind && missing <= BEHIND_INSTANCES / 10) {
      isBehind = false;
      LOG.info("caught up: applied {}", host.applied());
    }
  }
}
