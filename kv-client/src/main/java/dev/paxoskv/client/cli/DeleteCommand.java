package dev.paxoskv.client.cli;

import dev.paxoskv.client.KvClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kv delete}. */
@Command(name = "delete", description = "Takes KEY's value away; exit code 1 if it had none.")
final class DeleteCommand implements Callable<Integer> {
  private final KvCommand kv;

  @Parameters(paramLabel = "KEY")
  @SuppressWarnings("NullAway.Init") // picocli sets it before anything else happens
  private String key;

  DeleteCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() {
    boolean wasThere;
    try (KvClient client = KvClient.open(kv.config())) {
      wasThere = client.delete(kv.typed(key));
    }
    return wasThere ? KvCommand.DONE : kv.complain(KvCommand.NOT_FOUND, "key not found: " + key);
  }
}
