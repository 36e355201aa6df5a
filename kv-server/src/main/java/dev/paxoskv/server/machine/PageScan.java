package dev.paxoskv.server.machine;

import dev.paxoskv.server.table.Entry;
import dev.paxoskv.server.table.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Finds one page of the entries whose keys begin with a prefix. */
final class PageScan {
  private final byte[] prefix;
  private final byte[] after;
  private final int entriesMax;
  private final long bytesMax;
  private final List<Result.Entry> entries = new ArrayList<>();
  private long bytes;
  private boolean isMore;

  /**
   * Prepares the page behind {@code after}, which is any bytes, or empty to begin with the first.
   *
   * @param bytesMax of keys and values; one entry may have more, if it is the only one
   */
  PageScan(byte[] prefix, byte[] after, int entriesMax, long bytesMax) {
    this.prefix = prefix;
    this.after = after;
    this.entriesMax = entriesMax;
    this.bytesMax = bytesMax;
  }

  Result.Page in(Table table) {
    table.forEachFrom(Arrays.compareUnsigned(after, prefix) > 0 ? after : prefix, this::take);
    return new Result.Page(entries, isMore);
  }

  /** Returns whether it may be shown another. */
  private boolean take(Entry entry) {
    if (Arrays.equals(entry.key(), after)) {
      return true;
    }
    if (!startsWith(entry.key(), prefix)) {
      return false;
    }
    bytes += entry.key().length + entry.value().length;
    isMore = !entries.isEmpty() && (entries.size() >= entriesMax || bytes > bytesMax);
    if (!isMore) {
      entries.add(new Result.Entry(entry.key(), entry.value()));
    }
    return !isMore;
  }

  private static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
