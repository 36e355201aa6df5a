package dev.paxoskv.paxos.journal;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/** The files of the log, oldest first, and the spare ones that wait to be used. */
final class Segments {
  /** One for the next segment, and one kept aside so that a full disk does no harm at once. */
  static final int SPARES = 2;

  /**
   * So many are kept of those that come free. More than are made, or a log that goes on for ever
   * would fill a file with zeros for each one that it deletes.
   */
  static final int SPARES_KEPT = SPARES + 1;

  private static final String SPARE = "spare-";

  final long bytes;
  private final TreeMap<Long, Long> sizes = new TreeMap<>();
  private final ArrayDeque<String> spares = new ArrayDeque<>();
  private long spareNumber;

  /** Segments hold {@code bytes}; only one made for a larger record is larger. */
  Segments(long bytes) {
    this.bytes = bytes;
  }

  static boolean isSpare(String file) {
    return file.matches(SPARE + "[0-9]{1,18}");
  }

  void add(long number, long size) {
    sizes.put(number, size);
  }

  long oldest() {
    return sizes.firstKey();
  }

  long current() {
    return sizes.lastKey();
  }

  Collection<Long> numbers() {
    return sizes.keySet();
  }

  long size(long number) {
    return sizes.getOrDefault(number, bytes);
  }

  void remove(long number) {
    sizes.remove(number);
  }

  /** A name that no spare has. */
  String nextSpare() {
    return SPARE + spareNumber++;
  }

  void addSpare(String file) {
    spareNumber = Math.max(spareNumber, 1 + Long.parseLong(file.substring(SPARE.length())));
    spares.add(file);
  }

  /** A spare file to make a segment of, if there is one and it is large enough. */
  Optional<String> takeSpare(long size) {
    return size > bytes ? Optional.empty() : Optional.ofNullable(spares.poll());
  }

  boolean needsSpare() {
    return spares.size() < SPARES;
  }

  /** Whether a file that comes free is worth keeping. */
  boolean keepsSpare() {
    return spares.size() < SPARES_KEPT;
  }

  int spares() {
    return spares.size();
  }
}
