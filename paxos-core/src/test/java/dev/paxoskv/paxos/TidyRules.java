package dev.paxoskv.paxos;

import com.sun.source.tree.ClassTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The rules about whole files and packages, and the sum of all rules. */
final class TidyRules {
  static final int MAIN_LINES = 300;
  static final int TEST_LINES = 500;
  static final int LINE_WIDTH = 100;
  static final int PUBLIC_TYPES = 6;
  static final int VOCABULARY_TYPES = 12;
  static final int PACKAGE_FILES = 15;

  /** The words of the protocol live together, so this package may show more of them. */
  static final String VOCABULARY = "dev.paxoskv.paxos.protocol";

  private static final Pattern MARK = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b(?!.*#\\d)");

  private TidyRules() {}

  static List<Breach> check(List<Source> sources) {
    List<Breach> breaches = new ArrayList<>();
    List<Source> java = new ArrayList<>();
    for (Source source : sources) {
      breaches.addAll(checkText(source));
      if (source.isJava()) {
        java.add(source);
      }
    }
    List<SourceFacts> facts = SourceFacts.parse(java);
    for (SourceFacts each : facts) {
      breaches.addAll(TreeRules.check(each));
    }
    breaches.addAll(checkPackages(facts));
    return breaches;
  }

  private static List<Breach> checkText(Source source) {
    List<Breach> breaches = new ArrayList<>();
    List<String> lines = source.text().lines().toList();
    int most = source.isTest() ? TEST_LINES : MAIN_LINES;
    if (source.isJava() && lines.size() > most) {
      breaches.add(over(source, most + 1, "lines in a file", lines.size(), most));
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int width = line.codePointCount(0, line.length());
      if (width > LINE_WIDTH) {
        breaches.add(over(source, i + 1, "line width", width, LINE_WIDTH));
      }
      if (MARK.matcher(line).find()) {
        String rule = "unfinished mark";
        breaches.add(new Breach(source.path(), i + 1, rule, line.strip(), "with an issue #n"));
      }
    }
    return breaches;
  }

  private static List<Breach> checkPackages(List<SourceFacts> facts) {
    Map<String, List<SourceFacts>> packages = new TreeMap<>();
    for (SourceFacts each : facts) {
      if (!each.source().isTest() && !each.source().isPackageInfo()) {
        packages
            .computeIfAbsent(each.source().directory(), d -> new ArrayList<>())
            .add(each);
      }
    }
    List<Breach> breaches = new ArrayList<>();
    for (List<SourceFacts> members : packages.values()) {
      breaches.addAll(checkPackage(members));
    }
    return breaches;
  }

  private static List<Breach> checkPackage(List<SourceFacts> members) {
    List<Breach> breaches = new ArrayList<>();
    SourceFacts first = members.get(0);
    if (members.size() > PACKAGE_FILES) {
      String rule = "files in package " + first.packageName();
      breaches.add(over(first.source(), 1, rule, members.size(), PACKAGE_FILES));
    }
    List<ClassTree> types = new ArrayList<>();
    for (SourceFacts member : members) {
      types.addAll(member.publicTypes());
    }
    int most = first.packageName().equals(VOCABULARY) ? VOCABULARY_TYPES : PUBLIC_TYPES;
    if (types.size() > most) {
      String rule = "public types in package " + first.packageName();
      breaches.add(over(first.source(), 1, rule, types.size(), most));
    }
    return breaches;
  }

  private static Breach over(Source source, long line, String rule, long found, long limit) {
    return new Breach(source.path(), line, rule, Long.toString(found), Long.toString(limit));
  }
}
