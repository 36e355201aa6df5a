package dev.paxoskv.server.door.admin;

import dev.paxoskv.paxos.host.Host;
import dev.paxoskv.proto.kv.ServerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Whether this server can serve, found out by doing it: it reads, and the read is answered once a
 * majority has said how far up it has accepted anything and all of that is applied here. So being
 * cut off and being behind both show. One read at a time, however many ask. Protocol thread only.
 */
final class Readiness {
  private final Inside inside;
  private final List<CompletableFuture<Optional<String>>> asking = new ArrayList<>();
  private boolean isReading;

  Readiness(Inside inside) {
    this.inside = inside;
  }

  /** Completes {@code verdict}, empty if ready; or never, if no majority answers. */
  void ask(CompletableFuture<Optional<String>> verdict) {
    String notServing = inside.status().get().getNotServing();
    if (!notServing.isEmpty()) {
      verdict.complete(Optional.of(notServing));
      return;
    }
    // Those that were given up meanwhile are not kept for a majority that may never answer.
    asking.removeIf(CompletableFuture::isDone);
    asking.add(verdict);
    if (!isReading) {
      isReading = true;
      inside.node().host().read(this::answer);
      inside.node().flushSoon();
    }
  }

  /** Why {@code verdict}, which was asked for a while ago, is still out. */
  void giveUp(CompletableFuture<Optional<String>> verdict) {
    Host host = inside.node().host();
    ServerStatus status = inside.status().get();
    int answering = host.views().peer().answering().size();
    int peers = status.getPeersCount();
    boolean isCutOff = answering <= peers / 2;
    verdict.complete(Optional.of(
        isCutOff
            ? "no majority answers: " + answering + " of " + peers + " servers, this one included"
            : "catching up: applied " + host.applied() + ", and there is " + host.max()));
  }

  private void answer() {
    isReading = false;
    asking.forEach(verdict -> verdict.complete(Optional.empty()));
    asking.clear();
  }
}
