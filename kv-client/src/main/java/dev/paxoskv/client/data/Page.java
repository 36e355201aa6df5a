package dev.paxoskv.client.data;

import java.util.List;

/**
 * A part of what a scan found: all of it was there at one moment, and nothing between its first and
 * its last key is missing. The next page shows a later moment.
 *
 * @param entries in the order of their keys, as unsigned bytes
 * @param isMore whether there was more behind the last entry, after which the next page begins
 */
public record Page(List<Entry> entries, boolean isMore) {
  /** Copies the list. */
  public Page {
    entries = List.copyOf(entries);
  }
}
