package dev.paxoskv.client.cli;

import dev.paxoskv.client.KvClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv cas}. */
@Command(
    name = "cas",
    customSynopsis = {"kv cas KEY EXPECTED VALUE", "kv cas --absent KEY VALUE"},
    description = {
      "Sets KEY to VALUE if its value is EXPECTED, or, with --absent, if it has none; exit code 1"
          + " if that is not so.",
      "EXPECTED is taken as it is typed, also a -."
    })
final class CasCommand implements Callable<Integer> {
  private final KvCommand kv;

  @Option(names = "--absent", description = "Only if KEY has no value; there is no EXPECTED then.")
  private boolean isAbsent;

  @Parameters(arity = "0..*", paramLabel = "ARGUMENT", hidden = true)
  private List<String> arguments = List.of();

  CasCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() {
    int count = isAbsent ? 2 : 3;
    if (arguments.size() != count) {
      throw new KvCommand.UsageException(
          isAbsent ? "cas --absent takes KEY and VALUE" : "cas takes KEY, EXPECTED and VALUE");
    }
    String key = arguments.get(0);
    Optional<byte[]> expected =
        isAbsent ? Optional.empty() : Optional.of(kv.typed(arguments.get(1)));
    byte[] value = kv.value(arguments.get(count - 1));
    boolean isSet;
    try (KvClient client = KvClient.open(kv.config())) {
      isSet = client.compareAndSet(kv.typed(key), expected, value);
    }
    String otherwise = isAbsent ? "key has a value: " : "key has another value, or none: ";
    return isSet ? KvCommand.DONE : kv.complain(KvCommand.NOT_FOUND, otherwise + key);
  }
}
