package dev.paxoskv.server.door.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', true",
    "'', a, false",
    "*, '', true",
    "*, abc, true",
    "a*, abc, true",
    "a*, bac, false",
    "*c, abc, true",
    "*c, abcd, false",
    "a*c*e, abcde, true",
    "a*c*e, abced, false",
    "?, a, true",
    "?, '', false",
    "a?c, abc, true",
    "a?c, ac, false",
    "***, a, true",
    "[abc], b, true",
    "[abc], d, false",
    "[^abc], d, true",
    "[^abc], a, false",
    "[a-c]x, bx, true",
    "[c-a]x, bx, true",
    "[a-c]x, dx, false",
    "[a, a, true",
    "[a, b, false",
    "[\\]], ], true",
    "\\*, *, true",
    "\\*, a, false",
    "a\\, a\\, true",
    "[]a, a, false",
    "h[^e]llo*, hallo there, true",
    "*a?, aab, true"
  })
  void matches(String pattern, String text, boolean isMatch) {
    assertThat(glob(pattern).matches(text.getBytes(ISO_8859_1))).isEqualTo(isMatch);
  }

  @Test
  void knowsWhatEveryMatchBeginsWith() {
    assertThat(glob("user:*").prefix()).isEqualTo("user:".getBytes(ISO_8859_1));
    assertThat(glob("*").prefix()).isEmpty();
    assertThat(glob("a\\*").prefix()).isEqualTo("a".getBytes(ISO_8859_1));
    assertThat(glob("plain").prefix()).isEqualTo("plain".getBytes(ISO_8859_1));
  }

  @Test
  @Timeout(20)
  void takesNoTimeWithoutEnd() {
    String text = "a".repeat(4096);
    assertThat(glob("a*".repeat(2000) + "b").matches(text.getBytes(ISO_8859_1))).isFalse();
  }

  /** With stars and letters only, the regular expressions of the JDK say the same. */
  @Test
  void saysWhatRegularExpressionsSay() {
    SplittableRandom dice = new SplittableRandom(1);
    int matches = 0;
    for (int i = 0; i < 20_000; i++) {
      String pattern = letters(dice, "ab*?");
      String text = letters(dice, "ab");
      boolean expected = text.matches(pattern.replace("*", ".*").replace("?", "."));
      assertThat(glob(pattern).matches(text.getBytes(ISO_8859_1)))
          .as("%s on %s", pattern, text)
          .isEqualTo(expected);
      matches += expected ? 1 : 0;
    }
    assertThat(matches).isBetween(1000, 19_000);
  }

  private static String letters(SplittableRandom dice, String from) {
    StringBuilder text = new StringBuilder();
    for (int left = dice.nextInt(6); left > 0; left--) {
      text.append(from.charAt(dice.nextInt(from.length())));
    }
    return text.toString();
  }

  private static Glob glob(String pattern) {
    return new Glob(pattern.getBytes(ISO_8859_1));
  }
}
