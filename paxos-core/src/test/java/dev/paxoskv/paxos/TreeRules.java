package dev.paxoskv.paxos;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.DoWhileLoopTree;
import com.sun.source.tree.EnhancedForLoopTree;
import com.sun.source.tree.ForLoopTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.IfTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.tree.SynchronizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TryTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.tree.WhileLoopTree;
import com.sun.source.util.TreeScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import javax.lang.model.element.Modifier;

/** The rules about the inside of one Java source. */
final class TreeRules extends TreeScanner<Void, Void> {
  static final int METHOD_LINES = 60;
  static final int PARAMETERS = 5;
  static final int FIELDS = 12;
  static final int NESTING = 3;

  /** Packages whose every run must be the same, so nothing may depend on a hash of the day. */
  private static final List<String> ORDERED =
      List.of("dev.paxoskv.paxos.protocol", "dev.paxoskv.paxos.host");

  private static final Set<String> UNORDERED_TYPES =
      Set.of("HashMap", "HashSet", "IdentityHashMap", "WeakHashMap");
  private static final Set<String> UNORDERED_FACTORIES = Set.of("of", "ofEntries", "copyOf");

  private final SourceFacts facts;
  private final boolean ordered;
  private final List<Breach> breaches = new ArrayList<>();
  private int depth;

  private TreeRules(SourceFacts facts) {
    this.facts = facts;
    this.ordered = ORDERED.stream().anyMatch(p -> (facts.packageName() + ".").startsWith(p + "."));
  }

  static List<Breach> check(SourceFacts facts) {
    TreeRules rules = new TreeRules(facts);
    rules.scan(facts.unit(), null);
    return rules.breaches;
  }

  @Override
  public Void visitClass(ClassTree type, Void none) {
    List<VariableTree> fields = fields(type);
    limit(type, "fields in a class", fields.size(), FIELDS);
    if (type.getKind() == Tree.Kind.CLASS && has(type.getModifiers(), Modifier.ABSTRACT)) {
      breach(type, "abstract class", type.getSimpleName().toString(), "none");
    }
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method && !isCanonical(method, type, fields)) {
        limit(method, "parameters", method.getParameters().size(), PARAMETERS);
      }
    }
    return super.visitClass(type, null);
  }

  /** Fields of an instance; to the parser a record's components are fields. */
  private static List<VariableTree> fields(ClassTree type) {
    List<VariableTree> fields = new ArrayList<>();
    if (type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE) {
      return fields;
    }
    for (Tree member : type.getMembers()) {
      if (member instanceof VariableTree field && !has(field.getModifiers(), Modifier.STATIC)) {
        fields.add(field);
      }
    }
    return fields;
  }

  /** A record's own constructor repeats its header, which the limit on fields covers. */
  private static boolean isCanonical(MethodTree method, ClassTree type, List<VariableTree> fields) {
    return type.getKind() == Tree.Kind.RECORD
        && method.getReturnType() == null
        && method.getParameters().size() == fields.size();
  }

  @Override
  public Void visitMethod(MethodTree method, Void none) {
    limit(method, "lines in a method", facts.lineCount(method), METHOD_LINES);
    return super.visitMethod(method, null);
  }

  @Override
  public Void visitModifiers(ModifiersTree modifiers, Void none) {
    boolean overrides = modifiers.getAnnotations().stream().anyMatch(a -> isNamed(a, "Override"));
    if (has(modifiers, Modifier.PROTECTED) && !overrides) {
      breach(modifiers, "protected without @Override", "protected", "none");
    }
    return super.visitModifiers(modifiers, null);
  }

  @Override
  public Void visitAnnotation(AnnotationTree annotation, Void none) {
    if (isNamed(annotation, "Disabled")) {
      breach(annotation, "test switched off", "@Disabled", "none");
    }
    return super.visitAnnotation(annotation, null);
  }

  @Override
  public Void visitImport(ImportTree tree, Void none) {
    String name = tree.getQualifiedIdentifier().toString();
    if (name.endsWith(".*")) {
      breach(tree, "star import", name, "none");
    }
    return super.visitImport(tree, null);
  }

  @Override
  public Void visitIdentifier(IdentifierTree tree, Void none) {
    unordered(tree, tree.getName().toString());
    return super.visitIdentifier(tree, null);
  }

  @Override
  public Void visitMemberSelect(MemberSelectTree tree, Void none) {
    String owner = lastName(tree.getExpression());
    String name = tree.getIdentifier().toString();
    unordered(tree, name);
    boolean factory = owner.equals("Map") || owner.equals("Set");
    if (ordered && factory && UNORDERED_FACTORIES.contains(name)) {
      breach(tree, "order not fixed", owner + "." + name, "none");
    }
    boolean sleeps =
        owner.equals("Thread") || tree.getExpression().toString().contains("TimeUnit.");
    if (facts.source().isTest() && sleeps && name.equals("sleep")) {
      breach(tree, "sleep in a test", tree.toString(), "none");
    }
    return super.visitMemberSelect(tree, null);
  }

  private void unordered(Tree tree, String name) {
    if (ordered && UNORDERED_TYPES.contains(name)) {
      breach(tree, "order not fixed", name, "none");
    }
  }

  @Override
  public Void visitIf(IfTree tree, Void none) {
    boolean chained = tree.getElseStatement() instanceof IfTree;
    nested(tree, () -> {
      scan(tree.getCondition(), null);
      scan(tree.getThenStatement(), null);
      return chained ? null : scan(tree.getElseStatement(), null);
    });
    return chained ? scan(tree.getElseStatement(), null) : null;
  }

  @Override
  public Void visitForLoop(ForLoopTree tree, Void none) {
    return nested(tree, () -> super.visitForLoop(tree, null));
  }

  @Override
  public Void visitEnhancedForLoop(EnhancedForLoopTree tree, Void none) {
    return nested(tree, () -> super.visitEnhancedForLoop(tree, null));
  }

  @Override
  public Void visitWhileLoop(WhileLoopTree tree, Void none) {
    return nested(tree, () -> super.visitWhileLoop(tree, null));
  }

  @Override
  public Void visitDoWhileLoop(DoWhileLoopTree tree, Void none) {
    return nested(tree, () -> super.visitDoWhileLoop(tree, null));
  }

  @Override
  public Void visitSwitch(SwitchTree tree, Void none) {
    return nested(tree, () -> super.visitSwitch(tree, null));
  }

  @Override
  public Void visitSwitchExpression(SwitchExpressionTree tree, Void none) {
    return nested(tree, () -> super.visitSwitchExpression(tree, null));
  }

  @Override
  public Void visitTry(TryTree tree, Void none) {
    return nested(tree, () -> super.visitTry(tree, null));
  }

  @Override
  public Void visitSynchronized(SynchronizedTree tree, Void none) {
    return nested(tree, () -> super.visitSynchronized(tree, null));
  }

  @Override
  public Void visitLambdaExpression(LambdaExpressionTree tree, Void none) {
    if (tree.getBodyKind() == LambdaExpressionTree.BodyKind.EXPRESSION) {
      return super.visitLambdaExpression(tree, null);
    }
    return nested(tree, () -> super.visitLambdaExpression(tree, null));
  }

  /** Reports where the limit is first passed, not each level below that. */
  private Void nested(Tree tree, Supplier<Void> inside) {
    depth++;
    if (depth == NESTING + 1) {
      limit(tree, "nesting", depth, NESTING);
    }
    inside.get();
    depth--;
    return null;
  }

  private static boolean has(ModifiersTree modifiers, Modifier modifier) {
    return modifiers.getFlags().contains(modifier);
  }

  private static boolean isNamed(AnnotationTree annotation, String name) {
    return lastName(annotation.getAnnotationType()).equals(name);
  }

  private static String lastName(Tree tree) {
    String name = tree.toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private void limit(Tree tree, String rule, long found, long limit) {
    if (found > limit) {
      breach(tree, rule, Long.toString(found), Long.toString(limit));
    }
  }

  private void breach(Tree tree, String rule, String found, String limit) {
    breaches.add(new Breach(facts.source().path(), facts.firstLine(tree), rule, found, limit));
  }
}
