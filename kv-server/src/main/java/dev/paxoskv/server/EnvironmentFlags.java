package dev.paxoskv.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Flags that are not given come from the environment: {@code --data-dir} from
 * {@code PAXOSKV_DATA_DIR}, and so on.
 */
final class EnvironmentFlags implements IDefaultValueProvider {
  private static final String PREFIX = "PAXOSKV_";

  /** What these say is no state to be in by accident. */
  private static final Set<String> NEVER = Set.of("--help", "--version", "--cluster-id");

  private final Map<String, String> environment;

  EnvironmentFlags(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option && !NEVER.contains(option.longestName())
        ? environment.get(variable(option))
        : null;
  }

  private static String variable(OptionSpec option) {
    return PREFIX + option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** Variables that look as if they were meant for this program, and are not. */
  List<String> unknown(CommandSpec command) {
    Set<String> known = new TreeSet<>();
    command.options().forEach(option -> known.add(variable(option)));
    List<String> unknown = new ArrayList<>();
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        unknown.add(name);
      }
    }
    return unknown;
  }
}
