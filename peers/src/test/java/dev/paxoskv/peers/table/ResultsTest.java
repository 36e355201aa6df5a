package dev.paxoskv.peers.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private final Comparison comparison = new Comparison();

  ResultsTest() {
    comparison.add(Cell.OURS, Cell.PUT_64, Rows.of(1000, 2, 40));
    comparison.add(Cell.OURS, Cell.PUT_64, Rows.of(1200, 3, 36));
    comparison.add(Cell.OURS, Cell.PUT_64, Rows.of(1100, 4, 38));
    comparison.add(Cell.OURS, Cell.PUT_1, Rows.of(20, 1, 400));
    comparison.add(Cell.ETCD, Cell.PUT_64, Rows.of(50, 20, 600));
    comparison.add(Cell.ETCD, Cell.PUT_1, Rows.of(5, 9, 900));
    comparison.add(Cell.SYNC, Cell.PUT_1, Rows.of(5000, 0.4, 30));
  }

  private List<String> lines() {
    return new Results(
            comparison, Optional.empty(), List.of("- how"), List.of("redis: apt-get install it"))
        .lines();
  }

  @Test
  void whatIsNotThereIsNamedWithTheLineThatInstallsIt() {
    assertThat(lines()).startsWith("- how", "- not measured: redis: apt-get install it");
  }

  @Test
  void everyTargetAndBothFloorsAreThereWhateverWasMeasured() {
    List<String> lines = lines();
    assertThat(lines.stream().filter(line -> line.contains("not measured |")))
        .hasSizeGreaterThan(9);
    assertThat(lines).anyMatch(line -> line.matches("\\| floor: 4 KiB .* \\| 0\\.200 +\\| .*"));
    assertThat(lines).anyMatch(line -> line.matches("\\| floor: a Netty echo .* \\| - +\\| .*"));
  }

  @Test
  void aRowHasMediansAndRangesAndTheErrorsOfAllRounds() {
    assertThat(lines())
        .anyMatch(line -> line.matches(
            "\\| put, 64 +\\| paxoskv +\\| 1\\.00 +\\| 1,100 \\(1,000\\.\\.1,200\\) +\\|"
                + " 1\\.50 \\(1\\.00\\.\\.2\\.00\\) .* \\| 9 +\\|"));
  }

  @Test
  void allRowsOfATableAreEquallyWide() {
    List<String> lines = lines();
    int end = lines.lastIndexOf("");
    assertThat(lines.subList(4, end - 1).stream().filter(line -> line.startsWith("| put, ")))
        .isNotEmpty();
    assertThat(Markdown.table(List.of(List.of("a", "bbbb"), List.of("cc", "d"))))
        .containsExactly("| a   | bbbb |", "|-----|------|", "| cc  | d    |");
  }

  @Test
  void aRowSurvivesThePipeBetweenTheProcesses() {
    Row row = Rows.counting(Map.of(Row.SYNCS, 0.25));
    assertThat(Row.parse(row.line())).isEqualTo(row);
  }

  @Test
  void thePlotHasALineForEachSystemWithMoreThanOneLoadAndStaysInside() {
    String svg = new Plot(comparison).svg();
    assertThat(svg).startsWith("<svg ").endsWith("</svg>\n").contains(">paxoskv<", ">etcd<");
    assertThat(svg.split("<polyline ", -1)).hasSize(3);
    assertThat(svg).doesNotContain("NaN", "Infinity", "=\"-", ">sync<");
  }
}
