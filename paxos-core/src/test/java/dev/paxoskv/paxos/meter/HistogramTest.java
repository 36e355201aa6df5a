package dev.paxoskv.paxos.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistogramTest {
  private final Histogram histogram = new Histogram(2, 4);

  @ParameterizedTest
  @CsvSource({"-7,0", "0,0", "1,0", "4,0", "5,1", "8,1", "9,2", "16,2", "17,3", "99999999999,3"})
  void eachValueIsInTheFirstBucketThatTakesIt(long value, int bucket) {
    histogram.record(value);

    assertThat(counts()).containsExactlyElementsOf(oneIn(bucket));
    assertThat((double) value).isLessThanOrEqualTo(histogram.upperBound(bucket));
    assertThat(histogram.sum()).isEqualTo(value);
  }

  @Test
  void theLastBucketHasNoBound() {
    assertThat(histogram.buckets()).isEqualTo(4);
    assertThat(histogram.upperBound(2)).isEqualTo(16);
    assertThat(histogram.upperBound(3)).isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void theLargestPowerIsStillALong() {
    Histogram large = new Histogram(62, 62);
    large.record(Long.MAX_VALUE);
    assertThat(large.count(1)).isEqualTo(1);
    assertThatThrownBy(() -> new Histogram(0, 63)).isInstanceOf(IllegalArgumentException.class);
  }

  private List<Long> counts() {
    return IntStream.range(0, histogram.buckets()).mapToObj(histogram::count).toList();
  }

  private List<Long> oneIn(int bucket) {
    return IntStream.range(0, histogram.buckets())
        .mapToObj(i -> i == bucket ? 1L : 0L)
        .toList();
  }
}
