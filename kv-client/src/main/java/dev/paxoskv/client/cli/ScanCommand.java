package dev.paxoskv.client.cli;

import dev.paxoskv.client.KvClient;
import dev.paxoskv.client.data.Entry;
import dev.paxoskv.client.data.Page;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code kv scan}. */
@Command(
    name = "scan",
    description = {
      "Prints the keys that begin with PREFIX, or all, in the order of their bytes: a line each,",
      "with the value behind a tab. What is no printable ASCII is written \\xHH, and \\ as \\\\.",
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
    try (KvClient client = KvClient.open(kv.config())) {
      while (isMore && left > 0 && kv.written() == KvCommand.DONE) {
        Page page = client.scan(begin, last, (int) Math.min(PAGE, left));
        for (Entry entry : page.entries()) {
          kv.print(line(entry));
          last = entry.key();
        }
        left -= page.entries().size();
        isMore = page.isMore();
      }
    }
    return kv.written();
  }

  private String line(Entry entry) {
    return isKeysOnly ? text(entry.key()) : text(entry.key()) + "\t" + text(entry.value());
  }

  /** One word for people and scripts; what it was can be read from it. */
  private static String text(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte one : bytes) {
      if (one == '\\') {
        text.append("\\\\");
      } else if (one >= ' ' && one < 0x7f) {
        text.append((char) one);
      } else {
        text.append(String.format("\\x%02x", one));
      }
    }
    return text.toString();
  }
}
