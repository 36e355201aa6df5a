package dev.paxoskv.server.machine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paxoskv.server.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageScanTest {
  private static final int ALL = 1_000_000;

  private final Table table = new Table();

  @Test
  void walksInTheOrderOfUnsignedBytes() {
    putAll("b", "\u0080", "a", "\u00ff\u0001", "aa", "\u00ff", "a\u0000", "\u007f");
    assertThat(keys(scan("", "", ALL, ALL)))
        .containsExactly("a", "a\u0000", "aa", "b", "\u007f", "\u0080", "\u00ff", "\u00ff\u0001");
  }

  @Test
  void walksKeysWithThePrefixOnly() {
    putAll("a", "ab", "ab\u00ff", "abc", "ac", "b");
    assertThat(keys(scan("ab", "", ALL, ALL))).containsExactly("ab", "abc", "ab\u00ff");
    assertThat(keys(scan("b", "", ALL, ALL))).containsExactly("b");
    assertThat(keys(scan("bb", "", ALL, ALL))).isEmpty();
  }

  @Test
  void goesOnBehindAnyBytes() {
    putAll("a1", "a2", "a4", "b");
    assertThat(keys(scan("a", "a2", ALL, ALL))).containsExactly("a4");
    assertThat(keys(scan("a", "a3", ALL, ALL))).as("no such key").containsExactly("a4");
    assertThat(keys(scan("a", "Z", ALL, ALL)))
        .as("before the prefix")
        .containsExactly("a1", "a2", "a4");
    assertThat(keys(scan("a", "b", ALL, ALL))).as("behind the prefix").isEmpty();
    assertThat(keys(scan("a1", "a1", ALL, ALL))).as("the prefix itself").isEmpty();
  }

  @Test
  void saysWhetherThereIsMore() {
    putAll("a", "b", "c");
    assertThat(scan("", "", 2, 100).isMore()).isTrue();
    assertThat(scan("", "a", 2, 100).isMore()).isFalse();
    assertThat(scan("", "", 3, 100).isMore()).isFalse();
    assertThat(scan("a", "", 1, 100).isMore()).as("of this prefix").isFalse();
  }

  @Test
  void aPageHasRoomForBytesAndForOneEntryAlways() {
    putAll("a", "b", "c");
    assertThat(keys(scan("", "", 9, 4))).as("2 bytes each").containsExactly("a", "b");
    assertThat(keys(scan("", "", 9, 1))).containsExactly("a");
    assertThat(keys(scan("", "", 0, 9))).containsExactly("a");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void doesWhatATreeMapDoes(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    TreeMap<String, String> model = new TreeMap<>();
    for (int step = 0; step < 3000; step++) {
      String key = randomKey(dice);
      if (dice.nextInt(3) > 0) {
        String value = Integer.toString(step);
        put(key, value);
        model.put(key, value);
      } else {
        byte[] bytes = key.getBytes(ISO_8859_1);
        assertThat(table.remove(bytes, 0, bytes.length)).isEqualTo(model.remove(key) != null);
      }
      compare(model, randomKey(dice).substring(1), randomKey(dice), 1 + dice.nextInt(5));
    }
    assertThat(table.size()).isEqualTo(model.size());
  }

  private void compare(NavigableMap<String, String> model, String prefix, String after, int most) {
    List<String> expected = new ArrayList<>();
    for (Map.Entry<String, String> each : model.tailMap(after, false).entrySet()) {
      if (each.getKey().startsWith(prefix)) {
        expected.add(each.getKey() + "=" + each.getValue());
      }
    }
    Result.Page page = scan(prefix, after, most, ALL);
    List<String> found = page.entries().stream()
        .map(each -> text(each.key()) + "=" + text(each.value()))
        .toList();
    assertThat(found).isEqualTo(expected.subList(0, Math.min(most, expected.size())));
    assertThat(page.isMore()).isEqualTo(expected.size() > most);
  }

  private static String randomKey(SplittableRandom dice) {
    char[] letters = new char[1 + dice.nextInt(3)];
    for (int i = 0; i < letters.length; i++) {
      letters[i] = "ab\u0000\u00ff".charAt(dice.nextInt(4));
    }
    return new String(letters);
  }

  private void putAll(String... keys) {
    Arrays.stream(keys).forEach(key -> put(key, "1"));
  }

  private void put(String key, String value) {
    byte[] bytes = key.getBytes(ISO_8859_1);
    table.put(bytes, 0, bytes.length, value.getBytes(ISO_8859_1));
  }

  private Result.Page scan(String prefix, String after, int entriesMax, long bytesMax) {
    byte[] from = after.getBytes(ISO_8859_1);
    return new PageScan(prefix.getBytes(ISO_8859_1), from, entriesMax, bytesMax).in(table);
  }

  private static List<String> keys(Result.Page page) {
    return page.entries().stream().map(entry -> text(entry.key())).toList();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
