package dev.paxoskv.sim.lin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearizabilityCheckerTest {
  private final LinearizabilityChecker checker = new LinearizabilityChecker();
  private final LinearizabilityChecker searching = new LinearizabilityChecker(1_000_000, false);

  static Stream<Arguments> bad() {
    return BadHistories.all().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @Test
  void thereAreMoreThanAHundredBadHistories() {
    assertThat(BadHistories.all()).hasSize(23 * 8);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void rejectsABadHistoryAndSaysWhy(String name, History history) {
    Verdict verdict = checker.check(history);

    assertThat(verdict.isIllegal()).as("%s", verdict).isTrue();
    assertThat(verdict.key()).contains("k");
    assertThat(verdict.around().calls()).contains(verdict.unplaced().orElseThrow());
    assertThat(checker.check(History.parse(verdict.toString())).isIllegal())
        .as("judged again: %s", verdict)
        .isTrue();
    assertThat(searching.check(history).isIllegal()).isTrue();
  }

  @ParameterizedTest(name = "tokens: {0}")
  @ValueSource(booleans = {true, false})
  void agreesWithBruteForceOnSmallHistories(boolean hasTokens) {
    int[] illegal = new int[1];
    for (long seed = 0; seed < 4_000; seed++) {
      RandomHistories random = new RandomHistories(seed, hasTokens);
      History good = random.good(1 + (int) (seed % 4), 2 + (int) (seed % 5));
      assertSame(seed, good, true);
      History spoilt = random.spoilt(good);
      boolean isLegal = BruteForce.isLegal(spoilt);
      illegal[0] += isLegal ? 0 : 1;
      assertSame(seed, spoilt, isLegal);
    }
    assertThat(illegal[0]).as("spoilt ones that are illegal").isGreaterThan(500);
  }

  @Test
  void agreesWithBruteForceWhereWritesHaveConditions() {
    int illegal = 0;
    for (long seed = 0; seed < 4_000; seed++) {
      RandomHistories random = new RandomHistories(seed, false, true);
      History good = random.good(1 + (int) (seed % 4), 2 + (int) (seed % 5));
      assertSame(seed, good, true);
      History spoilt = random.spoilt(good);
      boolean isLegal = BruteForce.isLegal(spoilt);
      illegal += isLegal ? 0 : 1;
      assertSame(seed, spoilt, isLegal);
      assertThat(History.parse(spoilt.toString())).isEqualTo(spoilt);
    }
    assertThat(illegal).as("spoilt ones that are illegal").isGreaterThan(500);
  }

  private void assertSame(long seed, History history, boolean isLegal) {
    Verdict verdict = checker.check(history);
    assertThat(verdict.isLegal()).as("seed %d:\n%s%s", seed, history, verdict).isEqualTo(isLegal);
    assertThat(searching.check(history).isLegal())
        .as("by search alone, seed %d:\n%s", seed, history)
        .isEqualTo(isLegal);
    if (!isLegal) {
      assertThat(BruteForce.isLegal(verdict.around())).as("%s", verdict).isFalse();
    }
  }

  @Test
  void acceptsWhatASequentialModelMade() {
    for (long seed = 0; seed < 300; seed++) {
      RandomHistories random = new RandomHistories(seed, true);
      History good = random.good(1 + (int) (seed % 12), 150);
      assertThat(checker.check(good)).as("seed %d", seed).isEqualTo(Verdict.LEGAL);
    }
  }

  @Test
  void decidesLongSpoiltHistoriesToo() {
    int illegal = 0;
    for (long seed = 0; seed < 300; seed++) {
      RandomHistories random = new RandomHistories(seed, true);
      Verdict verdict = checker.check(random.spoilt(random.good(8, 100)));
      assertThat(verdict.kind()).as("seed %d", seed).isNotEqualTo(Verdict.Kind.UNDECIDED);
      illegal += verdict.isIllegal() ? 1 : 0;
    }
    assertThat(illegal).isGreaterThan(50);
  }

  @Test
  void namesTheCallThatCannotBePlacedAndOnlyWhatIsNeededToSeeIt() {
    History history = History.parse("""
        0..1 a put k x applied
        2..3 b append k y applied
        4..5 c get k found xy
        6..7 c append other z applied
        8..9 d append k w applied
        10..20 a get k found xy
        21..22 b get k found xyw
        """);
    assertThat(checker.check(history).toString()).isEqualTo("""
        # ILLEGAL, key k
        # cannot be placed: 10..20 a get k found xy
        0..1 a put k x applied
        2..3 b append k y applied
        8..9 d append k w applied
        10..20 a get k found xy
        """);
  }

  @Test
  void saysSoWhenTheSearchIsGivenUp() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      lines.append("0..9 c" + i + " append k " + "ab".charAt(i % 2) + " applied\n");
    }
    lines.append("10..11 z get k found b\n");
    Verdict verdict = new LinearizabilityChecker(100, true).check(History.parse(lines.toString()));
    assertThat(verdict.kind()).isEqualTo(Verdict.Kind.UNDECIDED);
    assertThat(verdict.key()).contains("k");
    assertThat(verdict.isLegal() || verdict.isIllegal()).isFalse();
  }

  @Test
  void eachKeyIsJudgedByItself() {
    History history = History.parse("0..1 a put k x applied\n2..3 a get l missing");
    assertThat(history.byKey()).containsOnlyKeys("k", "l");
    assertThat(checker.check(history)).isEqualTo(Verdict.LEGAL);
  }

  @Test
  void theTextOfAHistoryIsReadBack() {
    History history = new RandomHistories(7, true).good(5, 50);
    assertThat(History.parse(history.toString())).isEqualTo(history);
    String odd = "0..open a put %25+k %22%0A%C3%A9 unknown\n1..2 b get %25+k found \"\"\n";
    assertThat(History.parse(odd).toString()).isEqualTo(odd);
    assertThatThrownBy(() -> Call.parse("1..2 a get")).hasMessage("not a call: 1..2 a get");
    assertThatThrownBy(() -> Call.parse("3..2 a get k missing"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Call.parse("3..open a get k missing"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRecorderGivesNoTwoEventsOneTime() {
    Recorder recorder = new Recorder();
    int put = recorder.invoked("a", Call.Kind.PUT, "k", Optional.of("x"));
    int get = recorder.invoked("b", Call.Kind.GET, "k", Optional.empty());
    recorder.returned(put, Call.Outcome.APPLIED);
    recorder.found(get, Optional.of("x"));
    recorder.invoked("a", Call.Kind.GET, "k", Optional.empty());
    assertThat(recorder.history().toString()).isEqualTo("""
        0..2 a put k x applied
        1..3 b get k found x
        4..open a get k unknown
        """);
    assertThat(checker.check(recorder.history()).isLegal()).isTrue();
  }
}
