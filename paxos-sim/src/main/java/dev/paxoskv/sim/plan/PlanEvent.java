package dev.paxoskv.sim.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One thing that is done to a group at a given time. As text it is one line, for example
 * {@code 1200 start peer=0 seq=7 id=3} or {@code 5000 split 0>1 1>0}.
 *
 * @param atMicros when, counted from the beginning
 * @param verb what
 * @param links the wires it is about, if it is about wires
 * @param numbers the verb's arguments, in the order of their names
 */
record PlanEvent(long atMicros, Verb verb, Links links, List<Long> numbers) {

  /** What can be done. Verbs on wires differ in name only where their effect is the same. */
  enum Verb {
    START("peer", "seq", "id"),
    DONE("peer", "seq"),
    CUT,
    DEAF,
    MUTE,
    ISOLATE,
    SPLIT,
    ONEWAY,
    BRIDGE,
    RING,
    HEAL,
    WEATHER("min", "max", "loss", "dup", "reorder", "corrupt"),
    FAILFAST("on"),
    CRASH("peer"),
    FREEZE("peer"),
    RESUME("peer"),
    CLOCK("peer", "permille"),
    JUMP("peer", "ticks");

    private final String names;

    Verb(String... names) {
      this.names = String.join(" ", names);
    }

    /** What its arguments are called, in order. */
    List<String> names() {
      return names.isEmpty() ? List.of() : List.of(names.split(" ", -1));
    }

    boolean isAboutPeer() {
      return names().contains("peer");
    }

    boolean isWork() {
      return this == START || this == DONE;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static PlanEvent of(long atMicros, Verb verb, long... numbers) {
    return of(atMicros, verb, Links.NONE, numbers);
  }

  static PlanEvent of(long atMicros, Verb verb, Links links, long... numbers) {
    return new PlanEvent(
        atMicros, verb, links, Arrays.stream(numbers).boxed().collect(Collectors.toList()));
  }

  PlanEvent {
    if (numbers.size() != verb.names().size()) {
      throw new IllegalArgumentException(verb.word() + " needs " + verb.names());
    }
    numbers = List.copyOf(numbers);
  }

  long number(String name) {
    return numbers.get(verb.names().indexOf(name));
  }

  int peer() {
    return Math.toIntExact(number("peer"));
  }

  @Override
  public String toString() {
    StringBuilder line = new StringBuilder().append(atMicros).append(' ').append(verb.word());
    for (int i = 0; i < numbers.size(); i++) {
      line.append(' ').append(verb.names().get(i)).append('=').append(numbers.get(i));
    }
    links.words().forEach(word -> line.append(' ').append(word));
    return line.toString();
  }

  /** Reads what {@link #toString} writes. */
  static PlanEvent parse(String line) {
    List<String> words = List.of(line.strip().split("\\s+", -1));
    try {
      Verb verb = Verb.valueOf(words.get(1).toUpperCase(Locale.ROOT));
      int numbersEnd = 2 + verb.names().size();
      List<Long> numbers = new ArrayList<>();
      for (int i = 2; i < numbersEnd; i++) {
        String start = verb.names().get(i - 2) + "=";
        if (!words.get(i).startsWith(start)) {
          throw new IllegalArgumentException("expected " + start);
        }
        numbers.add(Long.parseLong(words.get(i).substring(start.length())));
      }
      Links links = Links.NONE;
      for (String word : words.subList(numbersEnd, words.size())) {
        links = links.with(word);
      }
      return new PlanEvent(Long.parseLong(words.get(0)), verb, links, numbers);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not an event: " + line, e);
    }
  }
}
