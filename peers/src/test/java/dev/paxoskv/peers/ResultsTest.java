package dev.paxoskv.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {
  private static Row row(double throughput, double p99, double micros) {
    return new Row(
        64,
        throughput,
        p99 / 2,
        p99,
        p99 * 2,
        micros / 4,
        micros * 3 / 4,
        Map.of("syncs", 0.25),
        Map.of("no answer", 3L));
  }

  private static Map<String, List<Row>> rows() {
    Map<String, List<Row>> rows = new LinkedHashMap<>();
    rows.put("us", List.of(row(1000, 2, 40)));
    rows.put("them", List.of(row(500, 5, 60)));
    return rows;
  }

  @Test
  void theMedianTurnIsOneThatWasPlayed() {
    Row middle = row(20, 1, 1);
    assertThat(Results.median(List.of(row(90, 1, 1), row(10, 1, 1), middle))).isSameAs(middle);
  }

  @Test
  void ratiosSayHowManyTimesAsGoodWeAre() {
    List<String> lines = new Results(rows()).lines();

    assertThat(lines).hasSize(4);
    assertThat(lines.get(2)).containsPattern("64 +us +1\\.00 +1\\.00 +1\\.00 ");
    assertThat(lines.get(3)).containsPattern("64 +them +2\\.00 +1\\.50 +2\\.50 ");
    assertThat(lines.get(3)).containsPattern("60\\.0 +15\\.0 +45\\.0 ").contains(" 0.2500 ");
    assertThat(lines.get(3)).contains("   - ").endsWith("| 3");
  }

  @Test
  void aRowSurvivesThePipeBetweenTheProcesses() {
    Row row = row(123.5, 2, 40);
    assertThat(new com.google.gson.Gson().fromJson(row.line(), Row.class)).isEqualTo(row);
  }

  @Test
  void thePlotHasALineForEachSystemAndStaysInside() {
    String svg = new Plot(rows()).svg();
    assertThat(svg).startsWith("<svg ").endsWith("</svg>\n").contains(">us<", ">them<");
    assertThat(svg.split("<polyline ", -1)).hasSize(3);
    assertThat(svg).doesNotContain("NaN", "Infinity", "=\"-");
  }
}
