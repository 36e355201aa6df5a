package dev.paxoskv.server.service;

import dev.paxoskv.server.machine.SessionId;
import dev.paxoskv.server.service.Pending.Operation;
import io.netty.util.collection.LongObjectHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Operations by session and number. Every server looks every command up that is applied, so nothing
 * is allocated for that: names are mixed into one number, and those with the same are chained.
 */
final class OperationTable {
  private final LongObjectHashMap<Operation> chains = new LongObjectHashMap<>();
  private int size;

  int size() {
    return size;
  }

  /** The one of this name, or null. */
  @Nullable
  Operation find(SessionId session, long number) {
    @Nullable Operation each = chains.get(keyOf(session, number));
    while (each != null && !(each.number == number && each.session.equals(session))) {
      each = each.next;
    }
    return each;
  }

  /** Adds one whose name is not there. */
  void add(Operation operation) {
    operation.next = chains.put(keyOf(operation.session, operation.number), operation);
    size++;
  }

  /** Takes out that very one; whether it was there. */
  boolean remove(Operation operation) {
    long key = keyOf(operation.session, operation.number);
    @Nullable Operation before = null;
    @Nullable Operation each = chains.get(key);
    while (each != null && each != operation) {
      before = each;
      each = each.next;
    }
    if (each == null) {
      return false;
    }
    if (before != null) {
      before.next = operation.next;
    } else if (operation.next != null) {
      chains.put(key, operation.next);
    } else {
      chains.remove(key);
    }
    operation.next = null;
    size--;
    return true;
  }

  void forEach(Consumer<Operation> action) {
    for (Operation chain : chains.values()) {
      for (@Nullable Operation each = chain; each != null; each = each.next) {
        action.accept(each);
      }
    }
  }

  private static long keyOf(SessionId session, long number) {
    return (31L * session.hashCode() + number) * 0x9e3779b97f4a7c15L;
  }
}
