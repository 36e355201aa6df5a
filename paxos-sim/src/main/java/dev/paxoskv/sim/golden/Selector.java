package dev.paxoskv.sim.golden;

import java.util.List;
import java.util.Optional;

/**
 * Which messages a command means: {@code 0->1 accept seq=4 1.0 #2}. All parts may be left out; a
 * star stands for any peer, {@code #2} for the second that fits and no other.
 */
record Selector(String way, Optional<String> kind, List<String> details, int nth) {
  private static final String SEQ = "seq=.*";
  private static final String BALLOT = "[0-9]+\\.[0-9]+";

  static Selector of(List<String> words) {
    String way = "*->*";
    Optional<String> kind = Optional.empty();
    int nth = 0;
    List<String> details =
        words.stream().filter(word -> word.matches(SEQ) || word.matches(BALLOT)).toList();
    for (String word : words) {
      if (word.contains("->")) {
        way = word;
      } else if (word.startsWith("#")) {
        nth = Integer.parseInt(word.substring(1));
      } else if (!details.contains(word) && !word.equals("all")) {
        kind = Optional.of(word);
      }
    }
    return new Selector(way, kind, details, nth);
  }

  /** What picks {@code packet} of all that are on their way. */
  static String of(Packet packet, List<Packet> packets) {
    String words = packet.way() + " " + packet.kind();
    List<String> said = List.of(Text.detail(packet.envelope()).split("[ ,]+"));
    for (String pattern : List.of(SEQ, BALLOT)) {
      words += said.stream()
          .filter(word -> word.matches(pattern))
          .findFirst()
          .map(word -> " " + word)
          .orElse("");
    }
    List<Packet> fitting = of(List.of(words.split(" "))).pick(packets);
    return fitting.size() == 1 ? words : words + " #" + (1 + fitting.indexOf(packet));
  }

  /** The messages meant, of those that are on their way. */
  List<Packet> pick(List<Packet> packets) {
    List<Packet> fitting = packets.stream().filter(this::fits).toList();
    if (nth > 0) {
      return nth > fitting.size() ? List.of() : List.of(fitting.get(nth - 1));
    }
    return fitting;
  }

  private boolean fits(Packet packet) {
    String[] ends = way.split("->", -1);
    List<String> said = List.of(Text.detail(packet.envelope()).split("[ ,]+"));
    return fits(ends[0], packet.from())
        && fits(ends[1], packet.to())
        && kind.map(packet.kind()::equals).orElse(true)
        && details.stream().allMatch(detail -> says(said, detail));
  }

  /** A ballot is the one that the message is about: the first that it says. */
  private static boolean says(List<String> said, String detail) {
    String pattern = detail.matches(SEQ) ? SEQ : BALLOT;
    return said.stream()
        .filter(word -> word.matches(pattern))
        .findFirst()
        .map(detail::equals)
        .orElse(false);
  }

  private static boolean fits(String end, int peer) {
    return end.equals("*") || end.equals(Integer.toString(peer));
  }
}
