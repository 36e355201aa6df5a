package dev.paxoskv.client.cli;

import dev.paxoskv.client.KvClient;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv get}. */
@Command(
    name = "get",
    description = "Writes KEY's value to standard output as it is; exit code 1 if it has none.")
final class GetCommand implements Callable<Integer> {
  private final KvCommand kv;

  @Parameters(paramLabel = "KEY")
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else happens
  private String key;

  @Option(
      names = "--json",
      description = "Prints one JSON object, key and value; null if there is none. What is no"
          + " UTF-8 is in keyBase64 and valueBase64 instead.")
  private boolean isJson;

  GetCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() {
    byte[] typed = kv.typed(key);
    Optional<byte[]> value;
    try (KvClient client = KvClient.open(kv.config())) {
      value = client.get(typed);
    }
    if (isJson) {
      kv.print(EntryText.json(typed, value));
    } else {
      value.ifPresent(this::write);
    }
    int written = kv.written();
    return value.isPresent() ? written : kv.complain(KvCommand.NOT_FOUND, "key not found: " + key);
  }

  private void write(byte[] value) {
    kv.around().out().writeBytes(value);
    if (kv.around().isTerminal()) {
      kv.around().out().write('\n');
    }
  }
}
