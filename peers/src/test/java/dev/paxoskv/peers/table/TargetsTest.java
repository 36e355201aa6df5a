package dev.paxoskv.peers.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private final Comparison comparison = new Comparison();

  private static final String GAPS = """
      kill 1: server 0 led, no write for 100 ms
      kill 2: server 2 led, no write for 1800 ms
      no write for: median 100 ms, p99 1800 ms, longest 1800 ms; four election timeouts are 2400 ms
      """;

  private Target target(String what) {
    return new Targets(comparison, Failover.parse(GAPS))
        .all().stream()
            .filter(target -> target.what().startsWith(what))
            .findFirst()
            .orElseThrow();
  }

  private static double median(Target target) {
    return target.figure().orElseThrow().median();
  }

  @Test
  void aRatioIsOfTurnsOfTheSameRound() {
    // A machine that is ten times as fast in the second round changes no ratio.
    comparison.add(Cell.OURS, Cell.PUT_1024, Rows.of(2600, 1, 8));
    comparison.add(Cell.OURS, Cell.PUT_1024, Rows.of(26_000, 1, 8));
    comparison.add(Cell.ETCD, Cell.PUT_1024, Rows.of(100, 1, 8));
    comparison.add(Cell.ETCD, Cell.PUT_1024, Rows.of(1000, 1, 8));

    Target target = target("put, 1024: throughput / etcd");
    assertThat(target.figure()).contains(new Figure(26, 26, 26));
    assertThat(target.line())
        .containsExactly(
            "put, 1024: throughput / etcd", "26.0", ">= 25", "met", "2,600 / 100 a second");
  }

  @Test
  void theMedianDecidesInEitherDirection() {
    comparison.add(Cell.OURS, Cell.PUT_64, Rows.of(1, 1, 26));
    comparison.add(Cell.OURS, Cell.PUT_64, Rows.of(1, 1, 20));
    comparison.add(Cell.OURS, Cell.PUT_64, Rows.of(1, 1, 25));
    assertThat(target("put, 64: CPU").line())
        .contains("25.0 (20.0..26.0)", "<= 25", "met", "and the compilers 1.50");

    comparison.add(Cell.OURS, Cell.PUT_256, Rows.of(1, 1, 15.1));
    assertThat(target("put, 256: CPU").isMet()).isFalse();
    assertThat(target("put, 256: CPU").line()).contains("**missed**");
  }

  @Test
  void aSystemThatIsNotThereIsNeitherMetNorMissed() {
    comparison.add(Cell.OURS, Cell.PUT_1024, Rows.of(2600, 1, 8));
    assertThat(target("put, 1024: throughput / jraft").line()).contains("-", "not measured");
    assertThat(target("put, 1024: throughput of five").line()).contains("-", "not measured");
  }

  @Test
  void latencyIsTheirsUnderOurs() {
    comparison.add(Cell.OURS, Cell.PUT_1, Rows.of(1, 0.4, 1));
    comparison.add(Cell.ZOOKEEPER, Cell.PUT_1, Rows.of(1, 0.8, 1));
    Target target = target("put, 1 in flight: p50 / zookeeper");
    assertThat(median(target)).isEqualTo(0.5);
    assertThat(target.line()).contains("<= 0.6", "met", "0.200 / 0.400 ms");
    comparison.add(Cell.OURS, Cell.PUT_256, Rows.of(1, 4, 1));
    assertThat(median(target("put, 256: p99 / p50"))).isEqualTo(2);
  }

  @Test
  void getsAreHeldAgainstOwnPutsToo() {
    comparison.add(Cell.OURS, Cell.PUT_1024, Rows.of(1000, 1, 8));
    comparison.add(Cell.OURS, Cell.GET_1024, Rows.of(1600, 1, 8));
    comparison.add(Cell.ETCD, Cell.GET_1024, Rows.of(50, 1, 8));
    assertThat(median(target("linearizable get at any server, 1024: throughput / own")))
        .isEqualTo(1.6);
    assertThat(median(target("linearizable get at any server, 1024: throughput / etcd")))
        .isEqualTo(32);
  }

  @Test
  void countsAreOfTheLoadWithBatchesNearestTo64AndForSuchBatches() {
    // Six messages and three syncs an instance, whatever is in it.
    counts(Cell.PUT_64, 20);
    counts(Cell.PUT_192, 80);
    counts(Cell.PUT_256, 130);
    Target messages = target("server messages a put");
    assertThat(median(messages)).isEqualTo(6 / 64.0);
    assertThat(messages.remark()).isEqualTo("from batches of 80.0");
    assertThat(messages.isMet()).isFalse();
    assertThat(median(target("syncs a put"))).isEqualTo(3 / 64.0);
    assertThat(target("syncs a put").isMet()).isTrue();
  }

  private void counts(Cell cell, double batch) {
    comparison.add(
        Cell.OURS,
        cell,
        Rows.counting(
            Map.of(Row.INSTANCES, 1 / batch, Row.MESSAGES, 6 / batch, Row.SYNCS, 3 / batch)));
  }

  @Test
  void bytesAreOfTheLeaderAndOfAFollower() {
    comparison.add(
        Cell.OURS,
        Cell.PUT_1024,
        Rows.counting(Map.of(Row.LEADER_BYTES, 390.0, Row.FOLLOWER_BYTES, 410.0)));
    assertThat(target("put, 1024: bytes allocated on the leader").isMet()).isTrue();
    assertThat(target("put, 1024: bytes allocated on a follower").isMet()).isFalse();
  }

  @Test
  void gapsAreCountedInElectionTimeouts() {
    assertThat(median(target("leader killed"))).isEqualTo(3);
    assertThat(target("leader killed").remark()).startsWith("2 kills; gap 1800 ms, timeout 600 ms");
    assertThat(Failover.parse("kill 1: it has failed")).isEmpty();
  }

  @Test
  void figuresKeepThreeDigits() {
    assertThat(List.of(123_456.7, 999.4, 12.345, 1.2345, 0.12345, 0.012345))
        .extracting(Figure::number)
        .containsExactly("123,457", "999", "12.3", "1.23", "0.123", "0.0123");
    assertThat(Figure.of(List.of(1.0, Double.NaN))).isEmpty();
    assertThat(Figure.of(List.of())).isEqualTo(Optional.empty());
  }
}
