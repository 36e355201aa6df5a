package dev.paxoskv.sim.explore;

import dev.paxoskv.paxos.protocol.Value;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Copies a peer with all that it is made of. What cannot change is shared: records, enums, values.
 * Whatever it does not know how to copy is an error, not a guess.
 */
final class Copier {
  private static final String OURS = "dev.paxoskv.";

  private final Map<Class<?>, Constructor<?>> makers = new HashMap<>();

  /** A copy that shares nothing that can change. */
  <T> T copy(T original) {
    @SuppressWarnings("unchecked")
    T copied = (T) copy(original, new IdentityHashMap<>());
    return copied;
  }

  private Object copy(Object original, IdentityHashMap<Object, Object> done) {
    if (isShared(original)) {
      return original;
    }
    Object known = done.get(original);
    return known == null ? copyNew(original, done) : known;
  }

  private static boolean isShared(Object object) {
    return object instanceof Record
        || object instanceof Enum
        || object instanceof Value
        || object instanceof String
        || object instanceof Number
        || object instanceof Boolean
        // The lists that List.of makes.
        || object.getClass().getName().startsWith("java.util.ImmutableCollections");
  }

  private Object copyNew(Object original, IdentityHashMap<Object, Object> done) {
    if (original instanceof Optional<?> optional) {
      return optional.map(content -> copy(content, done));
    } else if (original instanceof long[] longs) {
      return keep(original, longs.clone(), done);
    } else if (original instanceof TreeMap<?, ?> map) {
      TreeMap<Object, Object> copied = keep(original, new TreeMap<>(), done);
      map.forEach((key, value) -> copied.put(copy(key, done), copy(value, done)));
      return copied;
    } else if (original instanceof TreeSet<?> set) {
      TreeSet<Object> copied = keep(original, new TreeSet<>(), done);
      set.forEach(element -> copied.add(copy(element, done)));
      return copied;
    } else if (original instanceof ArrayDeque<?> deque) {
      ArrayDeque<Object> copied = keep(original, new ArrayDeque<>(), done);
      deque.forEach(element -> copied.add(copy(element, done)));
      return copied;
    } else if (original instanceof ArrayList<?> list) {
      List<Object> copied = keep(original, new ArrayList<>(), done);
      list.forEach(element -> copied.add(copy(element, done)));
      return copied;
    }
    return copyFields(original, done);
  }

  private Object copyFields(Object original, IdentityHashMap<Object, Object> done) {
    Class<?> type = original.getClass();
    if (!type.getName().startsWith(OURS) || type.isHidden() || type.isArray()) {
      throw new IllegalStateException("cannot copy a " + type.getName());
    }
    try {
      Object copied = keep(original, maker(type).newInstance(), done);
      for (Field field : Fields.of(type)) {
        @Nullable Object value = field.get(original);
        if (value != null) {
          field.set(copied, copy(value, done));
        }
      }
      return copied;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot copy a " + type.getName(), e);
    }
  }

  private static <T> T keep(Object original, T copied, IdentityHashMap<Object, Object> done) {
    done.put(original, copied);
    return copied;
  }

  /** Makes an object without running its constructor, as serialization does. */
  private Constructor<?> maker(Class<?> type) throws ReflectiveOperationException {
    @Nullable Constructor<?> known = makers.get(type);
    if (known == null) {
      Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
      Object instance = factory.getMethod("getReflectionFactory").invoke(null);
      known = (Constructor<?>) factory
          .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
          .invoke(instance, type, Object.class.getDeclaredConstructor());
      makers.put(type, known);
    }
    return known;
  }
}
