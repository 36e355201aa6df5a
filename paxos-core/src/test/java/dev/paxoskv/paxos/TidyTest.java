package dev.paxoskv.paxos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps every source of the repository within the limits of size and shape. */
class TidyTest {
  private static final String MAIN = "m/src/main/java/p/A.java";
  private static final String TEST = "m/src/test/java/p/ATest.java";

  @Test
  void repositoryIsTidy() throws IOException {
    Path root = Repository.root();
    List<Source> sources = Repository.sources(root);

    assertThat(sources).extracting(Source::path).contains(pathOfThisTest(), "scripts/check");
    assertThat(TidyRules.check(sources)).isEmpty();
  }

  private static String pathOfThisTest() {
    return "paxos-core/src/test/java/" + TidyTest.class.getName().replace('.', '/') + ".java";
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void eachRuleCanFail(String breach, List<Source> sources) {
    assertThat(TidyRules.check(sources)).extracting(Breach::toString).containsExactly(breach);
  }

  static Stream<Arguments> broken() {
    return Stream.of(sizes(), shapes(), words(), packages()).flatMap(List::stream);
  }

  private static List<Arguments> sizes() {
    String wide = "// " + "x".repeat(98);
    return List.of(
        fails(MAIN + ":301 lines in a file: found 301, limit 300", MAIN, "\n".repeat(301)),
        fails(TEST + ":501 lines in a file: found 501, limit 500", TEST, "\n".repeat(501)),
        fails(MAIN + ":1 line width: found 101, limit 100", MAIN, wide),
        fails("scripts/x:1 line width: found 101, limit 100", "scripts/x", wide),
        fails(
            MAIN + ":1 lines in a method: found 61, limit 60",
            MAIN,
            "class A { void a() {" + "\n".repeat(60) + "} }"),
        fails(
            MAIN + ":1 parameters: found 6, limit 5",
            MAIN,
            "class A { void a(" + variables(6, ", ") + ") {} }"),
        fails(
            MAIN + ":1 parameters: found 6, limit 5",
            MAIN,
            "class A { A(" + variables(6, ", ") + ") {} }"),
        fails(
            MAIN + ":1 fields in a class: found 13, limit 12",
            MAIN,
            "class A { " + variables(13, ";\n") + "; static int s; }"),
        fails(
            MAIN + ":1 fields in a class: found 13, limit 12",
            MAIN,
            "record A(" + variables(13, ",\n") + ") {}"));
  }

  private static List<Arguments> shapes() {
    String nested = MAIN + ":2 nesting: found 4, limit 3";
    return List.of(
        fails(nested, MAIN, inMethod("if (a) for (;;) while (a)\ntry { } finally { }")),
        fails(nested, MAIN, inMethod("if (a) { } else for (;;) do\nif (a) { } while (a);")),
        fails(
            nested,
            MAIN,
            inMethod("for (int i : a) switch (i) { default: b(() -> {\nif (a) { }}); }")),
        fails(
            nested,
            MAIN,
            inMethod("int i = switch (a) { default -> { if (a) synchronized (b) {\n"
                + "new A() { void d() { while (a) { } } }; } } };")),
        fails(MAIN + ":1 abstract class: found A, limit none", MAIN, "abstract class A {}"),
        fails(
            MAIN + ":1 protected without @Override: found protected, limit none",
            MAIN,
            "class A { protected int a; }"),
        fails(MAIN + ":1 star import: found java.util.*, limit none", MAIN, "import java.util.*;"));
  }

  private static List<Arguments> words() {
    String host = "m/src/main/java/dev/paxoskv/paxos/host/A.java";
    String inHost = "package dev.paxoskv.paxos.host; ";
    String below = "package dev.paxoskv.paxos.protocol.below; ";
    String mark = "// TO" + "DO tidy";
    return List.of(
        fails(MAIN + ":1 unfinished mark: found " + mark + ", limit with an issue #n", MAIN, mark),
        fails(
            TEST + ":1 sleep in a test: found Thread.sleep, limit none",
            TEST,
            inMethod("Thread.sleep(1);")),
        fails(
            TEST + ":1 sleep in a test: found TimeUnit.DAYS.sleep, limit none",
            TEST,
            inMethod("TimeUnit.DAYS.sleep(1);")),
        fails(
            TEST + ":1 test switched off: found @Disabled, limit none",
            TEST,
            "class A { @Disabled void a() {} }"),
        fails(
            host + ":1 order not fixed: found Map.of, limit none",
            host,
            inHost + inMethod("Map.of(1, 2);")),
        fails(
            host + ":1 order not fixed: found Set.of, limit none",
            host,
            inHost + inMethod("java.util.Set.of(1);")),
        fails(
            host + ":1 order not fixed: found HashMap, limit none",
            host,
            inHost + "import java.util.HashMap; class A {}"),
        fails(
            MAIN + ":1 order not fixed: found HashSet, limit none",
            MAIN,
            below + inMethod("new HashSet<>();")));
  }

  private static List<Arguments> packages() {
    return List.of(
        Arguments.of(
            "m/src/main/java/p/A0.java:1 public types in package p: found 7, limit 6",
            files("p", 7, "public ")),
        Arguments.of(
            "m/src/main/java/p/A0.java:1 public types in package dev.paxoskv.paxos.protocol:"
                + " found 13, limit 12",
            files(TidyRules.VOCABULARY, 13, "public ")),
        Arguments.of(
            "m/src/main/java/p/A0.java:1 files in package p: found 16, limit 15",
            files("p", 16, "")));
  }

  @Test
  void whatIsWithinTheLimitsPasses() {
    List<Source> sources = new ArrayList<>();
    sources.addAll(files("p", 6, "public "));
    sources.add(new Source("m/src/main/java/q/package-info.java", "package q;"));
    sources.add(
        new Source(MAIN, "// TO" + "DO #12: tidy\n" + inMethod("Thread.sleep(1); Map.of();")));
    sources.add(
        new Source("n/src/main/java/q/B.java", "record B(" + variables(12, ",\n") + ") {}"));
    sources.add(new Source(
        "n/src/main/java/r/C.java",
        "class C { @Override protected void c(" + variables(5, ", ") + ") {\n"
            + "if (a) { } else if (b) { } else if (c) { } else if (d) { }\nelse { while (e)"
            + " for (;;) f(() -> a); } } }"));
    sources.add(new Source(
        "n/src/main/java/dev/paxoskv/paxos/host/D.java",
        "package dev.paxoskv.paxos.host; import java.util.TreeMap;"
            + " class D { D() { List.of(1); } }"));

    assertThat(TidyRules.check(sources)).isEmpty();
  }

  private static Arguments fails(String breach, String path, String text) {
    return Arguments.of(breach, List.of(new Source(path, text)));
  }

  private static String inMethod(String statements) {
    return "class A { void a() { " + statements + " } }";
  }

  private static String variables(int count, String separator) {
    return IntStream.range(0, count)
        .mapToObj(i -> "int v" + i)
        .collect(Collectors.joining(separator));
  }

  private static List<Source> files(String packageName, int count, String modifier) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Source(
            "m/src/main/java/p/A" + i + ".java",
            "package " + packageName + "; " + modifier + "class A" + i + " {}"))
        .toList();
  }
}
