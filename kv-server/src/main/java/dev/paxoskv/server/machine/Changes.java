package dev.paxoskv.server.machine;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.paxoskv.proto.kv.Limit;
import dev.paxoskv.proto.kv.Write;
import dev.paxoskv.server.machine.command.OperationReader;
import dev.paxoskv.server.table.Entry;
import dev.paxoskv.server.table.Table;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What each write makes of the keys and values. It is the same at every server, also for a write
 * that cannot be done: that is refused as a whole, before anything has changed. The doors look at
 * sizes as well, but what stands in the log need not have come through a door of this release.
 */
final class Changes {
  private static final byte[] NOTHING = {};

  private final Table table;

  Changes(Table table) {
    this.table = table;
  }

  Result make(OperationReader asked) {
    return switch (asked.operation()) {
      case PUT, APPEND, SET_IF, DELETE, ADD -> onOneKey(asked);
      case WRITE_ALL -> writeAll(asked);
      case OPEN_SESSION, GET, SCAN, OPERATION_NOT_SET -> unknown();
    };
  }

  private Result onOneKey(OperationReader asked) {
    int keyBytes = asked.keyTo() - asked.keyFrom();
    if (isUnfit(keyBytes, asked.valueBytes())) {
      return unfit(keyBytes, asked.valueBytes());
    }
    return switch (asked.operation()) {
      case PUT -> {
        put(asked, asked.value());
        yield Result.APPLIED;
      }
      case APPEND -> append(asked);
      case SET_IF -> setIf(asked);
      case DELETE -> delete(asked);
      case ADD -> add(asked);
      case WRITE_ALL, OPEN_SESSION, GET, SCAN, OPERATION_NOT_SET -> unknown();
    };
  }

  private Optional<byte[]> find(OperationReader asked) {
    Entry entry = table.find(asked.bytes(), asked.keyFrom(), asked.keyTo());
    return Optional.ofNullable(entry).map(Entry::value);
  }

  private void put(OperationReader asked, byte[] value) {
    table.put(asked.bytes(), asked.keyFrom(), asked.keyTo(), value);
  }

  private Result delete(OperationReader asked) {
    boolean wasThere = table.remove(asked.bytes(), asked.keyFrom(), asked.keyTo());
    return wasThere ? Result.APPLIED : Result.UNMET;
  }

  private Result append(OperationReader asked) {
    byte[] old = find(asked).orElse(NOTHING);
    byte[] more = asked.value();
    int size = old.length + more.length;
    if (size > Limit.VALUE_BYTES_MAX_VALUE) {
      return refused("the value would grow to " + size + " bytes, the limit is "
          + Limit.VALUE_BYTES_MAX_VALUE);
    }
    byte[] grown = Arrays.copyOf(old, size);
    System.arraycopy(more, 0, grown, old.length, more.length);
    put(asked, grown);
    return asked.tells() ? new Result.Counted(size) : Result.APPLIED;
  }

  private Result setIf(OperationReader asked) {
    Optional<byte[]> old = find(asked);
    boolean isMet;
    switch (asked.condition()) {
      case ALWAYS -> isMet = true;
      case ABSENT -> isMet = old.isEmpty();
      case PRESENT -> isMet = old.isPresent();
      case EQUAL -> isMet = old.isPresent() && Arrays.equals(old.get(), asked.expected());
      default -> {
        return unknown();
      }
    }
    if (isMet) {
      put(asked, asked.value());
    }
    if (asked.tells()) {
      return new Result.Was(isMet, old, false);
    }
    return isMet ? Result.APPLIED : Result.UNMET;
  }

  private Result add(OperationReader asked) {
    OptionalLong old = find(asked).map(Decimal::parse).orElse(OptionalLong.of(0));
    if (old.isEmpty()) {
      return refused("value is not an integer or out of range");
    }
    long sum = old.getAsLong() + asked.more();
    boolean hasOverflown = ((old.getAsLong() ^ sum) & (asked.more() ^ sum)) < 0;
    if (hasOverflown) {
      return refused("increment or decrement would overflow");
    }
    put(asked, Long.toString(sum).getBytes(US_ASCII));
    return new Result.Counted(sum);
  }

  private Result writeAll(OperationReader asked) {
    int count = asked.writes().size();
    if (count < 1 || count > Limit.WRITES_MAX_VALUE) {
      return refused(count + " writes are not within 1.." + Limit.WRITES_MAX_VALUE);
    }
    for (Write write : asked.writes()) {
      if (isUnfit(write.getKey().size(), write.getValue().size())) {
        return unfit(write.getKey().size(), write.getValue().size());
      }
    }
    long hadValue = 0;
    for (Write write : asked.writes()) {
      byte[] key = write.getKey().toByteArray();
      hadValue += table.find(key, 0, key.length) == null ? 0 : 1;
      if (write.hasValue()) {
        table.put(key, 0, key.length, write.getValue().toByteArray());
      } else {
        table.remove(key, 0, key.length);
      }
    }
    return new Result.Counted(hadValue);
  }

  private static boolean isUnfit(int keyBytes, int valueBytes) {
    return keyBytes < 1
        || keyBytes > Limit.KEY_BYTES_MAX_VALUE
        || valueBytes > Limit.VALUE_BYTES_MAX_VALUE;
  }

  private static Result unfit(int keyBytes, int valueBytes) {
    return refused("a key of " + keyBytes + " bytes, a value of " + valueBytes
        + "; the limits are 1.." + Limit.KEY_BYTES_MAX_VALUE + " and "
        + Limit.VALUE_BYTES_MAX_VALUE);
  }

  private static Result unknown() {
    return refused("this server does not know the operation; upgrade it");
  }

  private static Result refused(String reason) {
    return new Result.Refused(reason, true);
  }
}
