package dev.paxoskv.server.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.stream.Collectors;

/** Results in words. */
public final class Texts {
  private Texts() {}

  public static String of(Result result) {
    if (result instanceof Result.Found found) {
      return text(found.value());
    } else if (result instanceof Result.Refused refused) {
      return "refused: " + refused.reason();
    } else if (result instanceof Result.Counted counted) {
      return "counted " + counted.count();
    } else if (result instanceof Result.Was was) {
      String old = was.isForgotten() ? "forgotten" : text(was.old());
      return (was.isMet() ? "set, was " : "unmet, was ") + old;
    } else if (result instanceof Result.Page page) {
      return page.entries().stream()
          .map(entry -> new String(entry.key(), UTF_8) + "=" + new String(entry.value(), UTF_8))
          .collect(Collectors.joining(" ", "", page.isMore() ? " and more" : ""));
    }
    return result instanceof Result.Unmet ? "unmet" : "applied";
  }

  private static String text(Optional<byte[]> value) {
    return value.map(bytes -> new String(bytes, UTF_8)).orElse("nothing");
  }
}
