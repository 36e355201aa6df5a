package dev.paxoskv.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.client.PlayedEdge.Server;
import dev.paxoskv.paxos.net.Address;
import dev.paxoskv.proto.kv.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A client that had to leave its first server goes back, in virtual time. */
class ReturnTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final byte[] KEY = "key".getBytes(UTF_8);

  private final PlayedEdge edge = new PlayedEdge();
  private final Server first = edge.add(Address.parse("first:1"));
  private final Server second = edge.add(Address.parse("second:1"));
  private final Server third = edge.add(Address.parse("third:1"));
  private final KvClient client = KvClient.open(
      new ClientConfig(List.of("first:1", "second:1", "third:1"), Duration.ofSeconds(10)), edge);

  @Test
  void goesBackWhenTheFirstServesAgain() {
    first.isUp = false;
    load(ServerRing.LOOK_NANOS_MIN / 2 - MILLI);
    assertThat(second.commands).isNotEmpty();
    first.isUp = true;
    load(ServerRing.LOOK_NANOS_MIN / 2 + 20 * MILLI);
    assertThat(first.looks).hasSize(1);
    int atFirst = first.commands.size();
    int atSecond = second.commands.size();
    load(SECOND);
    assertThat(first.commands).hasSize(atFirst + 100);
    assertThat(second.commands).hasSize(atSecond);
    assertThat(second.open).isEmpty();
    assertThat(first.open).hasSize(1);
  }

  @Test
  void whatIsUnderWayEndsWhereItIsAndWhatIsNewWaitsForThat() {
    CompletableFuture<Void> underWay = lookWithOneUnderWay();
    CompletableFuture<Void> next = client.putAsync(KEY, KEY);
    edge.run(100 * MILLI);
    assertThat(first.commands).isEmpty();
    List<Long> sent = second.numbers();
    second.answer();
    edge.run(MILLI);
    assertThat(underWay).isDone();
    assertThat(next).isDone();
    assertThat(second.numbers()).isEqualTo(sent);
    assertThat(first.numbers()).containsExactly(sent.get(sent.size() - 1) + 1);
    assertThat(session(first.commands.get(0))).isEqualTo(session(second.commands.get(0)));
  }

  @Test
  void whatTheOtherNeverAnswersIsSentHomeInItsOwnSessionUnderItsOwnNumber() {
    CompletableFuture<Void> unanswered = lookWithOneUnderWay();
    edge.run(SECOND - MILLI);
    assertThat(first.commands).isEmpty();
    edge.run(2 * MILLI);
    assertThat(unanswered).isDone();
    assertThat(first.commands).containsExactly(second.commands.get(second.commands.size() - 1));
    assertThat(third.commands).isEmpty();
  }

  @Test
  void goesBackAtOnceIfTheOtherFailsMeanwhile() {
    CompletableFuture<Void> kept = lookWithOneUnderWay();
    second.stop();
    edge.run(MILLI);
    assertThat(kept).isDone();
    assertThat(first.commands).containsExactly(second.commands.get(second.commands.size() - 1));
    assertThat(third.commands).isEmpty();
  }

  @Test
  void looksLessAndLessOftenAtAServerThatDoesNotServe() {
    first.isUp = false;
    load(MILLI);
    first.isUp = true;
    first.notServing = "no majority";
    load(200 * SECOND);
    assertThat(first.commands).isEmpty();
    assertThat(first.looks).hasSizeBetween(8, 14);
    for (int i = 0; i + 1 < first.looks.size(); i++) {
      long most = Math.min(ServerRing.LOOK_NANOS_MAX, ServerRing.LOOK_NANOS_MIN << (i + 1));
      assertThat(first.looks.get(i + 1) - first.looks.get(i))
          .as("wait %d", i)
          .isBetween(most / 2, most + 20 * MILLI);
    }
    first.notServing = "";
    load(ServerRing.LOOK_NANOS_MAX + SECOND);
    assertThat(first.commands).isNotEmpty();
  }

  @Test
  void returnsLessAndLessOftenToAServerThatSaysItServesAndDoesNot() {
    first.putsOff = true;
    load(200 * SECOND);
    assertThat(first.looks).hasSizeBetween(8, 14);
    // The first of all, and one for each return.
    assertThat(first.commands).hasSize(1 + first.looks.size());
    assertThat(second.open).hasSize(1);
  }

  @Test
  void aServerThatStayedWellIsLookedForSoonAgain() {
    first.putsOff = true;
    load(100 * SECOND);
    first.putsOff = false;
    load(2 * ServerRing.LOOK_NANOS_MAX + SECOND);
    int looks = first.looks.size();
    first.stop();
    load(10 * MILLI);
    first.isUp = true;
    load(ServerRing.LOOK_NANOS_MIN + 20 * MILLI);
    assertThat(first.looks).hasSize(looks + 1);
  }

  @Test
  void doesNotLookWhileThereIsNothingToDo() {
    first.isUp = false;
    load(MILLI);
    first.isUp = true;
    edge.run(100 * SECOND);
    assertThat(first.looks).isEmpty();
    load(20 * MILLI);
    assertThat(first.looks).hasSize(1);
    assertThat(first.commands).hasSize(1);
  }

  /** The first has said that it serves, and the second works on one put and answers no more. */
  private CompletableFuture<Void> lookWithOneUnderWay() {
    first.isUp = false;
    load(MILLI);
    first.isUp = true;
    edge.run(ServerRing.LOOK_NANOS_MIN);
    second.holdsBack = true;
    CompletableFuture<Void> before = client.putAsync(KEY, KEY);
    edge.run(0);
    second.answer();
    second.holdsBack = true;
    CompletableFuture<Void> underWay = client.putAsync(KEY, KEY);
    edge.run(0);
    assertThat(before).isDone();
    assertThat(underWay).isNotDone();
    assertThat(first.looks).hasSize(1);
    return underWay;
  }

  /** One put each 10 ms, for so long. */
  private void load(long forNanos) {
    long end = edge.nanos() + forNanos;
    List<CompletableFuture<Void>> puts = new ArrayList<>();
    while (edge.nanos() < end) {
      puts.add(client.putAsync(KEY, KEY));
      edge.run(Math.min(10 * MILLI, end - edge.nanos()));
    }
    edge.run(MILLI);
    assertThat(puts).allMatch(put -> put.isDone() && !put.isCompletedExceptionally());
  }

  private static List<Long> session(Command command) {
    return List.of(command.getSessionHigh(), command.getSessionLow());
  }
}
