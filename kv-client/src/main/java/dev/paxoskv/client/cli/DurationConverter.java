package dev.paxoskv.client.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a length of time as people write it: 500ms, 10s or 2m. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m)");

  /** The same in seconds, of which there may be a part; without a unit they are seconds. */
  static final class Seconds implements ITypeConverter<Double> {
    private static final Pattern BARE = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    @Override
    public Double convert(String text) {
      return BARE.matcher(text).matches()
          ? Double.parseDouble(text)
          : new DurationConverter().convert(text).toMillis() / 1e3;
    }
  }

  @Override
  public Duration convert(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new TypeConversionException("'" + text + "' is not like 500ms, 10s or 2m");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      default -> Duration.ofMinutes(amount);
    };
  }
}
