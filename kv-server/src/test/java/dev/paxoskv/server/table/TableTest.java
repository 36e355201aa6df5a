package dev.paxoskv.server.table;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table does as a sorted map does, and a walk shows what the map was when it began. */
class TableTest {
  private static final int STEPS = 5000;

  private final Table table = new Table();
  private final TreeMap<String, String> model = new TreeMap<>();

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void agreesWithAMapAndEveryWalkShowsItsBeginning(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    // From a handful of keys, each of which changes many times in a walk, to many blocks of them.
    int keys = 1 << (2 + dice.nextInt(12));
    int removals = dice.nextInt(4);
    int walks = 0;
    for (int i = 0; i < STEPS; i++) {
      WalkUnderWay walk = new WalkUnderWay(dice);
      int changesPerSlice = dice.nextInt(40);
      while (!walk.isOver()) {
        // A walk of an entry at a time might never come to the end of what grows by many.
        int changes = i < 2 * STEPS ? changesPerSlice : 0;
        for (int change = 0; change < changes; change++, i++) {
          change(dice, keys, removals);
        }
        walk.goOn();
      }
      walk.judge(seed);
      walks++;
    }
    assertThat(walks).as("seed %d", seed).isPositive();
    assertThat(entriesFrom("")).as("seed %d", seed).isEqualTo(List.copyOf(model.entrySet()));
    assertThat(table.size()).isEqualTo(model.size());
    assertThat(table.checksum()).as("seed %d", seed).isEqualTo(filled(model).checksum());
  }

  private final class WalkUnderWay {
    private final TreeMap<String, String> begun = new TreeMap<>(model);
    private final TreeMap<String, String> shown = new TreeMap<>();
    private final Table.Walk walk = table.walk();
    private final int entriesMax;
    private final int bytesAim;
    private int slices;

    WalkUnderWay(SplittableRandom dice) {
      entriesMax = 1 + dice.nextInt(300);
      bytesAim = 1 + dice.nextInt(3000);
    }

    boolean isOver() {
      return walk.isOver();
    }

    void goOn() {
      int[] count = new int[2];
      walk.next(entriesMax, bytesAim, (key, value) -> {
        count[0]++;
        count[1] += key.length + value.length;
        check(shown.put(text(key), text(value)) == null, text(key));
      });
      assertThat(count[0]).isLessThanOrEqualTo(entriesMax);
      assertThat(count[1]).isLessThan(bytesAim + 100);
      slices++;
    }

    void judge(long seed) {
      assertThat(shown).as("seed %d, %d slices", seed, slices).isEqualTo(begun);
    }
  }

  private void change(SplittableRandom dice, int keys, int removals) {
    String key = "key" + (char) dice.nextInt(256) + dice.nextInt(keys);
    byte[] bytes = ("<" + key + ">").getBytes(ISO_8859_1);
    if (dice.nextInt(8) < removals) {
      boolean wasThere = model.remove(key) != null;
      check(table.remove(bytes, 1, bytes.length - 1) == wasThere, key);
    } else {
      String value = "v".repeat(dice.nextInt(20)) + dice.nextInt();
      table.put(bytes, 1, bytes.length - 1, value.getBytes(ISO_8859_1));
      model.put(key, value);
    }
    Entry found = table.find(bytes, 1, bytes.length - 1);
    check(Objects.equals(found == null ? null : text(found.value()), model.get(key)), key);
  }

  /** Much faster than an assertion that can explain itself, of which there would be millions. */
  private static void check(boolean holds, String key) {
    if (!holds) {
      throw new AssertionError("not as the model has it: " + key);
    }
  }

  @Test
  void goesOnFromAnyKey() {
    for (int i = 0; i < 5000; i += 2) {
      String key = String.format("%05d", i * 7919 % 5000);
      put(table, key, "v" + key);
      model.put(key, "v" + key);
    }
    for (int i = 0; i < 5000; i += 13) {
      String from = String.format("%05d", i);
      assertThat(entriesFrom(from)).isEqualTo(List.copyOf(model.tailMap(from).entrySet()));
    }
  }

  @Test
  void aNewWalkEndsTheOneBefore() {
    put(table, "a", "1");
    put(table, "b", "2");
    Table.Walk first = table.walk();
    Table.Walk second = table.walk();
    first.abandon();
    put(table, "b", "3");
    TreeMap<String, String> shown = new TreeMap<>();
    second.next(10, 1000, (key, value) -> shown.put(text(key), text(value)));
    assertThat(shown).isEqualTo(Map.of("a", "1", "b", "2"));
  }

  @Test
  void theChecksumTellsKeysAndValuesApart() {
    List<Map<String, String>> all = List.of(
        Map.of(),
        Map.of("a", "bc"),
        Map.of("ab", "c"),
        Map.of("a", "bd"),
        Map.of("a", "bc", "b", ""),
        Map.of("a", "x", "b", "y"),
        Map.of("a", "y", "b", "x"));
    assertThat(all).extracting(map -> filled(map).checksum()).doesNotHaveDuplicates();
  }

  private List<Map.Entry<String, String>> entriesFrom(String first) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    table.forEachFrom(
        first.getBytes(ISO_8859_1),
        entry -> entries.add(Map.entry(text(entry.key()), text(entry.value()))));
    return entries;
  }

  private static Table filled(Map<String, String> map) {
    Table filled = new Table();
    map.forEach((key, value) -> put(filled, key, value));
    return filled;
  }

  private static void put(Table table, String key, String value) {
    byte[] bytes = key.getBytes(ISO_8859_1);
    table.put(bytes, 0, bytes.length, value.getBytes(ISO_8859_1));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }
}
