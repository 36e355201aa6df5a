package dev.paxoskv.server;

import dev.paxoskv.paxos.PaxosNode;
import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.paxos.protocol.Quorum;
import dev.paxoskv.proto.kv.ServerStatus;
import dev.paxoskv.server.service.KvService;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** How a server is, in words and numbers for people. Protocol thread only. */
final class ServerView {
  /** A server not heard from for so long is not counted as seen. */
  static final long SEEN_MILLIS = 2000;

  private final KvServerConfig config;
  private final PaxosNode node;
  private final Storage storage;
  private final DiskHealth disk;

  ServerView(KvServerConfig config, PaxosNode node, Storage storage, DiskHealth disk) {
    this.config = config;
    this.node = node;
    this.storage = storage;
    this.disk = disk;
  }

  ServerStatus status() {
    Host host = node.host();
    List<Integer> seen = node.network().heardWithin(SEEN_MILLIS);
    ServerStatus.Builder status = ServerStatus.newBuilder()
        .setIndex(config.me())
        .setApplied(host.applied())
        .setMin(host.min())
        .setMax(host.max())
        .setLeader(host.leader())
        .addAllMembersSeen(
            IntStream.concat(IntStream.of(config.me()), seen.stream().mapToInt(i -> i))
                .sorted()
                .boxed()
                .toList())
        .setStateHash(storage.machine().hash())
        .setMessagesSent(node.network().sent())
        .setSyncs(node.disk().syncNanos().total())
        .setNotServing(notServing(seen.size() + 1));
    config.peers().stream().map(Address::toString).forEach(status::addPeers);
    return status.build();
  }

  private String notServing(int seen) {
    Optional<String> fault = storage
        .machine()
        .comparison()
        .doubt()
        .or(disk::fault)
        .or(() -> KvService.lackOfDisks(node.host()));
    if (fault.isPresent()) {
      return fault.get();
    }
    List<String> refusals = node.network().refusals();
    String why = refusals.isEmpty() ? "" : ": " + String.join("; ", refusals);
    List<Integer> awaited = node.host().members().waitingFor();
    if (!awaited.isEmpty()) {
      return "may not vote before more servers know this start of it; waits for " + awaited + why;
    }
    long floor = node.host().views().peer().floor();
    if (floor > node.host().applied() + 1) {
      return "the snapshot is lost of what the log has no more, up to " + (floor - 1)
          + "; waits for that of another server";
    }
    Quorum quorum = new Quorum(config.peers().size());
    if (seen >= quorum.size()) {
      return "";
    }
    return "no majority: " + seen + " of " + quorum.peers() + " servers seen" + why;
  }
}
