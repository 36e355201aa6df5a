package dev.paxoskv.server.machine;

import java.util.List;
import java.util.Optional;

/** What applying one command came to; the same at every replica. */
public sealed interface Result {

  /** The write has taken effect. */
  record Applied() implements Result {}

  /** The write was applied and changed nothing: what it asks to be so beforehand was not. */
  record Unmet() implements Result {}

  /** The write has taken effect, and this is what there was to count. */
  record Counted(long count) implements Result {}

  /**
   * What was there before a write that was to tell.
   *
   * @param isMet whether the write has taken effect, or changed nothing
   * @param old empty if the key had no value, or if it is forgotten
   * @param isForgotten whether it was too long for the session to remember
   */
  record Was(boolean isMet, Optional<byte[]> old, boolean isForgotten) implements Result {}

  /**
   * What a get found; empty if the key has no value. The array is the state's own and must not be
   * changed.
   */
  record Found(Optional<byte[]> value) implements Result {}

  /** One key and its value. The arrays are the state's own and must not be changed. */
  final class Entry {
    private final byte[] key;
    private final byte[] value;

    Entry(byte[] key, byte[] value) {
      this.key = key;
      this.value = value;
    }

    public byte[] key() {
      return key;
    }

    public byte[] value() {
      return value;
    }
  }

  /**
   * What a scan found, in the order of the keys.
   *
   * @param isMore whether there was more to find behind the last entry
   */
  record Page(List<Entry> entries, boolean isMore) implements Result {}

  /** A session has begun, and has this name. */
  record Opened(SessionId session) implements Result {}

  /** There is no such session any more: this copy had no effect, and no later one can have any. */
  record Expired() implements Result {}

  /** It was applied, but whether to the right state is not known: nobody may be told anything. */
  record Withheld() implements Result {}

  /**
   * The command had no effect.
   *
   * @param isFinal whether no other copy of it can have one either: the session remembers the
   *     refusal
   */
  record Refused(String reason, boolean isFinal) implements Result {}

  Result APPLIED = new Applied();

  Result UNMET = new Unmet();

  Result EXPIRED = new Expired();

  Result WITHHELD = new Withheld();
}
