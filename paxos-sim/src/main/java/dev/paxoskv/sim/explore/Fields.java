package dev.paxoskv.sim.explore;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The fields that make up the state of an object. */
final class Fields {
  private static final ClassValue<List<Field>> KNOWN = new ClassValue<>() {
    @Override
    protected List<Field> computeValue(Class<?> type) {
      return Arrays.stream(type.getDeclaredFields())
          .filter(field -> !Modifier.isStatic(field.getModifiers()))
          .sorted(Comparator.comparing(Field::getName))
          .peek(field -> field.setAccessible(true))
          .toList();
    }
  };

  private Fields() {}

  /** By name; no class of ours inherits any. */
  static List<Field> of(Class<?> type) {
    return KNOWN.get(type);
  }
}
