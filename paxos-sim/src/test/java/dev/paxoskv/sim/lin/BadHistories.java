package dev.paxoskv.sim.lin;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Histories that no single copy of the data can explain, one family for each way to be wrong, each
 * with different amounts of innocent calls before and around it. {@code $} stands for what the
 * innocent calls before have left in the key, times count from where they ended.
 */
final class BadHistories {
  private static final Map<String, String> FAMILIES = families();

  private BadHistories() {}

  static Map<String, History> all() {
    Map<String, History> all = new LinkedHashMap<>();
    FAMILIES.forEach((name, lines) -> {
      for (int before : List.of(0, 1, 5, 40)) {
        for (int bystanders : List.of(0, 3)) {
          all.put(
              name + ", " + before + " before, " + bystanders + " bystanders",
              history(lines, before, bystanders));
        }
      }
    });
    return all;
  }

  private static Map<String, String> families() {
    Map<String, String> families = new LinkedHashMap<>();
    families.put("stale read", "0..1 a append k X applied; 2..3 b get k $");
    families.put("lost put", "0..1 a put k X applied; 4..6 b get k $");
    families.put(
        "lost append", "0..1 a append k X applied; 2..3 a append k Y applied; 4..6 b get k $Y");
    families.put("doubled append", "0..1 a append k X applied; 2..3 b get k $XX");
    families.put(
        "doubled append around another",
        "0..9 a append k X applied; 0..9 b append k Y applied; 10..11 b get k $XYX");
    families.put(
        "appends against real time",
        "0..1 a append k X applied; 2..3 b append k Y applied; 4..5 c get k $YX");
    families.put("never written", "0..9 a append k X applied; 2..8 b get k $XZ");
    families.put("half a value", "0..1 a put k LONG applied; 2..3 b get k LO");
    families.put("from the future", "0..1 b get k $X; 2..3 a append k X applied");
    families.put("own write not read", "0..5 a append k X applied; 6..7 a get k $");
    families.put("refused write seen", "0..1 a append k X not-applied; 2..3 b get k $X");
    families.put("refused write seen at once", "0..5 a put k X not-applied; 1..3 b get k X");
    families.put(
        "two reads disagree on order",
        "0..9 a append k X applied; 0..9 b append k Y applied; 1..8 c get k $XY; 1..8 d get k $YX");
    families.put("new, then old", "0..9 a append k X applied; 1..2 b get k $X; 3..4 c get k $");
    families.put(
        "put comes back",
        "0..1 a put k X applied; 2..3 b put k Y applied; 4..5 c get k Y; 6..7 c get k X");
    families.put("unknown applied twice", "0..1 a append k X unknown; 2..3 b get k $XX");
    families.put(
        "unknown applied again later",
        "0..1 a put k X unknown; 2..3 b get k X; 4..5 b put k Y applied; 6..7 b get k X");
    families.put("unknown before its call", "0..1 b get k $X; 2..3 a append k X unknown");
    families.put(
        "unknown vanishes", "0..open a append k X unknown; 2..3 b get k $X; 4..5 c get k $");
    families.put(
        "append survives a later put",
        "0..1 a append k X applied; 2..3 b put k Y applied; 4..5 c get k YX");
    families.put(
        "put in the middle",
        "0..9 a append k X applied; 0..9 b put k P applied; 10..11 c get k $XP");
    families.put("emptied", "0..1 a put k X applied; 2..3 b get k missing");
    families.put(
        "reads miss each other's write",
        "0..1 a append k X applied; 0..1 b append k Y applied; 2..3 a get k $X; 2..3 b get k $Y");
    return families;
  }

  private static History history(String lines, int before, int bystanders) {
    List<Call> calls = new ArrayList<>();
    String left = "";
    for (int i = 0; i < before; i++) {
      left += "<" + i + ">";
      calls.add(Call.parse(2 * i + ".." + (2 * i + 1) + " z append k <" + i + "> applied"));
    }
    for (String line : lines.split("; ", -1)) {
      String sight = line.contains("get k $") && line.endsWith("$") && before == 0
          ? line.replace("$", "missing")
          : line.replaceFirst("get k (?!missing)", "get k found ").replace("$", left);
      calls.add(later(Call.parse(sight), 2L * before));
    }
    for (int i = 0; i < bystanders; i++) {
      calls.add(Call.parse("0..open s" + i + " append k {" + i + "} unknown"));
      calls.add(Call.parse("0..500 t" + i + " get k unknown"));
    }
    return new History(calls);
  }

  private static Call later(Call call, long shift) {
    long returned = call.returned() == Call.OPEN ? Call.OPEN : call.returned() + shift;
    return new Call(
        call.invoked() + shift,
        returned,
        call.client(),
        call.kind(),
        call.key(),
        call.expected(),
        call.value(),
        call.outcome());
  }
}
