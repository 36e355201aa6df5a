package dev.paxoskv.client.cli;

import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.data.Entry;
import dev.paxoskv.client.data.Page;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv scan}. */
@Command(
    name = "scan",
    description = {
      "Prints the keys that begin with PREFIX, or all, in the order of their bytes: a line each,"
          + " with the value behind a tab.",
      "What is no printable ASCII is written \\xHH, and \\ as \\\\.",
      "Each page is read at one moment, the next one at a later moment."
    })
final class ScanCommand implements Callable<Integer> {
  private static final int PAGE = 1000;

  private final KvCommand kv;

  @Parameters(arity = "0..1", paramLabel = "PREFIX")
  private String prefix = "";

  @Option(names = "--after", paramLabel = "KEY", description = "Begin behind KEY.")
  private String after = "";

  @Option(names = "--limit", paramLabel = "N", description = "Print N keys at most.")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--keys", description = "Print no values.")
  private boolean isKeysOnly;

  @Option(
      names = "--json",
      description = "Prints a JSON object a line, key and value. What is no UTF-8 is in keyBase64"
          + " and valueBase64 instead.")
  private boolean isJson;

  ScanCommand(KvCommand kv) {
    this.kv = kv;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new KvCommand.UsageException("--limit=" + limit + " is not 1 or more");
    }
    byte[] begin = kv.typed(prefix);
    byte[] last = kv.typed(after);
    long left = limit;
    boolean isMore = true;
    int code = KvCommand.DONE;
    try (KvClient client = KvClient.open(kv.config())) {
      while (isMore && left > 0 && code == KvCommand.DONE) {
        Page page = client.scan(begin, last, (int) Math.min(PAGE, left));
        for (Entry entry : page.entries()) {
          kv.print(line(entry));
          last = entry.key();
        }
        left -= page.entries().size();
        isMore = page.isMore();
        code = kv.written();
      }
    }
    return code;
  }

  private String line(Entry entry) {
    if (isJson) {
      return isKeysOnly
          ? EntryText.json(entry.key())
          : EntryText.json(entry.key(), Optional.of(entry.value()));
    }
    String key = EntryText.word(entry.key());
    return isKeysOnly ? key : key + "\t" + EntryText.word(entry.value());
  }
}
