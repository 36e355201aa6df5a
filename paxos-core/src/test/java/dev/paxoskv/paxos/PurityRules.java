package dev.paxoskv.paxos;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Set;

/**
 * What the protocol, its host and the journal may see: the JDK's values and collections, and each
 * other.
 */
final class PurityRules {
  static final String PROTOCOL = "dev.paxoskv.paxos.protocol";
  static final String HOST = "dev.paxoskv.paxos.host";
  static final String IDENTITY = "dev.paxoskv.paxos.identity";

  /** Only the package itself: what lies in the one below is there for files and threads. */
  static final String JOURNAL = "dev.paxoskv.paxos.journal";

  static final String FORMAT = "dev.paxoskv.paxos.journal.format";

  private static final Set<String> PACKAGES = Set.of(
      "java.util",
      "java.util.function",
      "java.util.random",
      "java.util.stream",
      "java.util.zip",
      "java.nio.charset",
      // Annotations only: NullAway reads them, nothing runs.
      "org.jspecify.annotations");

  private static final Set<String> CLASSES =
      Set.of("java.nio.Buffer", "java.nio.ByteBuffer", "java.nio.ByteOrder");

  private static final Set<String> BANNED = Set.of(
      "java.lang.Thread",
      "java.lang.ThreadGroup",
      "java.lang.ThreadLocal",
      "java.lang.InheritableThreadLocal",
      "java.lang.Process",
      "java.lang.ProcessBuilder",
      "java.lang.ProcessHandle",
      "java.lang.Runtime",
      "java.util.Random",
      "java.util.Timer",
      "java.util.TimerTask",
      "java.util.UUID");

  /** Answers that differ from run to run, from classes that are otherwise welcome. */
  private static final Set<String> BANNED_CALLS = Set.of(
      "java.lang.Math.random()",
      "java.lang.StrictMath.random()",
      "java.util.Collections.shuffle(java.util.List)",
      "java.util.SplittableRandom.<init>()",
      "java.util.random.RandomGenerator.getDefault()",
      "java.util.random.RandomGenerator.of(java.lang.String)");

  static final List<ArchRule> ALL = List.of(
      pure(PROTOCOL + "..", List.of(PROTOCOL)),
      pure(HOST + "..", List.of(PROTOCOL, HOST)),
      pure(JOURNAL, List.of(PROTOCOL, HOST, JOURNAL, "java.io.IOException")),
      pure(FORMAT, List.of(PROTOCOL, FORMAT, "java.io.IOException")),
      pure(IDENTITY + "..", List.of(PROTOCOL, IDENTITY, JOURNAL, "java.io.IOException")),
      noClasses()
          .that()
          .resideInAnyPackage(PROTOCOL + "..", HOST + "..", JOURNAL, FORMAT, IDENTITY + "..")
          .should()
          .accessTargetWhere(describe("the answer differs from run to run", PurityRules::differs)));

  private PurityRules() {}

  private static ArchRule pure(String from, List<String> own) {
    DescribedPredicate<JavaClass> allowed =
        describe("are the JDK's pure part or in " + own, type -> isAllowed(type, own));
    return classes().that().resideInAPackage(from).should().onlyDependOnClassesThat(allowed);
  }

  private static boolean isAllowed(JavaClass type, List<String> own) {
    JavaClass base = type.getBaseComponentType();
    String name = base.getName();
    String packageName = base.getPackageName();
    boolean ours = own.stream().anyMatch(p -> isWithin(packageName, p) || name.equals(p));
    boolean jdk = isWithin(packageName, "java.lang") || PACKAGES.contains(packageName);
    return base.isPrimitive()
        || ours
        || CLASSES.contains(name)
        || (jdk && BANNED.stream().noneMatch(b -> name.equals(b) || name.startsWith(b + "$")));
  }

  private static boolean isWithin(String packageName, String parent) {
    return packageName.equals(parent) || packageName.startsWith(parent + ".");
  }

  private static boolean differs(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getTarget().getName();
    if (owner.equals("java.lang.System")) {
      return !name.equals("arraycopy");
    }
    boolean parallel = name.equals("parallel") || name.equals("parallelStream");
    return (parallel && owner.startsWith("java.util."))
        || BANNED_CALLS.contains(access.getTarget().getFullName());
  }
}
