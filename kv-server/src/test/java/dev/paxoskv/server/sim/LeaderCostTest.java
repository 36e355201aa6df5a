package dev.paxoskv.server.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.paxos.protocol.Message;
import dev.paxoskv.paxos.protocol.Talk;
import dev.paxoskv.sim.check.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What a put costs three durable servers with and without a leader: messages between them, but for
 * heartbeats and catch-up, and syncs of all three together. Printed, and compared.
 */
class LeaderCostTest {
  private static final int PUTS = 400;
  private static final long WITH_LEADER = 1;
  private static final long WITHOUT = 3;

  private static final class Count implements Witness {
    long messages;
    int leader = -1;

    @Override
    public void sent(Hop hop) {
      Message message = hop.message();
      boolean isUpkeep = message instanceof Talk.Pong
          || message instanceof Message.Fetch
          || message instanceof Message.Fetched;
      if (message instanceof Talk.Ping ping) {
        leader = ping.claim().peer() == hop.from() ? hop.from() : leader;
      } else if (!isUpkeep) {
        messages++;
      }
    }
  }

  private record Cost(double messages, double syncs) {}

  @Test
  void aLeaderMakesPutsCheaper() {
    Cost lone = cost(WITHOUT, 0, 1);
    Cost atLeader = cost(WITH_LEADER, 0, 1);
    Cost atFollower = cost(WITH_LEADER, 1, 1);
    Cost many = cost(WITHOUT, -1, 30);
    Cost manyWithLeader = cost(WITH_LEADER, -1, 30);
    System.out.println("messages and syncs a put, one client: " + lone + " without a leader, "
        + atLeader + " at the leader, " + atFollower + " at another server; 30 clients at all: "
        + many + " without, " + manyWithLeader + " with a leader");
    assertThat(atLeader.messages).isLessThan(0.7 * lone.messages);
    assertThat(atLeader.syncs).isLessThan(0.7 * lone.syncs);
    assertThat(atFollower.messages).isLessThan(0.8 * lone.messages);
    assertThat(manyWithLeader.messages).isLessThan(0.7 * many.messages);
    assertThat(manyWithLeader.syncs).isLessThan(many.syncs);
  }

  /** One question and its answer for each other server; nothing is written. */
  @Test
  void aGetCostsFourMessagesAndNoSyncAnywhere() {
    for (long seed : List.of(WITH_LEADER, WITHOUT)) {
      List<SimDirectory> directories = new ArrayList<>();
      for (int me = 0; me < 3; me++) {
        directories.add(new SimDirectory(new SimDirectory.Sizes(8 << 20, 8 << 20, 8 << 20)));
      }
      Count count = new Count();
      StoreSim sim = new StoreSim(3, seed, count, directories);
      sim.await(sim.clerk(Duration.ofSeconds(10), 0).put("key", "value"), 10 * StoreSim.SECOND);
      sim.run(3 * StoreSim.SECOND);
      for (int server = 0; server < 3; server++) {
        SimClerk clerk = sim.clerk(Duration.ofSeconds(10), server);
        long messages = count.messages;
        long syncs = syncs(directories);
        for (int get = 0; get < PUTS; get++) {
          String found = sim.await(clerk.get("key"), 10 * StoreSim.SECOND);
          assertThat(found).isEqualTo("value");
        }
        System.out.println("messages and syncs a get at server " + server + ": "
            + hundredths(count.messages - messages, PUTS) + ", "
            + hundredths(syncs(directories) - syncs, PUTS));
        assertThat(hundredths(count.messages - messages, PUTS)).isLessThanOrEqualTo(4.05);
        assertThat(syncs(directories) - syncs).isLessThanOrEqualTo(3);
      }
    }
  }

  /** Clients at the server that is so many behind the leader, or a third of them at each. */
  private static Cost cost(long seed, int behindLeader, int clients) {
    List<SimDirectory> directories = new ArrayList<>();
    for (int me = 0; me < 3; me++) {
      directories.add(new SimDirectory(new SimDirectory.Sizes(8 << 20, 8 << 20, 8 << 20)));
    }
    Count count = new Count();
    StoreSim sim = new StoreSim(3, seed, count, directories);
    sim.run(3 * StoreSim.SECOND);
    int first = Math.max(0, count.leader);
    List<SimClerk> clerks = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int server = (first + (behindLeader < 0 ? i : behindLeader)) % 3;
      clerks.add(sim.clerk(Duration.ofSeconds(10), server));
    }
    long messages = count.messages;
    long syncs = syncs(directories);
    for (int round = 0; round < PUTS / clients; round++) {
      List<CompletableFuture<Void>> puts = new ArrayList<>();
      for (SimClerk clerk : clerks) {
        puts.add(clerk.put("key", "value " + round));
      }
      sim.await(
          CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)), 10 * StoreSim.SECOND);
    }
    int done = PUTS / clients * clients;
    return new Cost(
        hundredths(count.messages - messages, done), hundredths(syncs(directories) - syncs, done));
  }

  private static double hundredths(long sum, int of) {
    return Math.round(100.0 * sum / of) / 100.0;
  }

  private static long syncs(List<SimDirectory> directories) {
    return directories.stream().mapToLong(directory -> directory.disk().syncs()).sum();
  }
}
