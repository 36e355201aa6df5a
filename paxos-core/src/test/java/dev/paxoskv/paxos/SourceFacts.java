package dev.paxoskv.paxos;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A Java source as the compiler parses it, with the line numbers of its parts. */
final class SourceFacts {
  private final Source source;
  private final CompilationUnitTree unit;
  private final LineMap lines;
  private final SourcePositions positions;

  private SourceFacts(Source source, CompilationUnitTree unit, SourcePositions positions) {
    this.source = source;
    this.unit = unit;
    this.lines = unit.getLineMap();
    this.positions = positions;
  }

  /** Parses without resolving names; a source that does not parse is an error, not a breach. */
  static List<SourceFacts> parse(List<Source> sources) {
    if (sources.isEmpty()) {
      return List.of();
    }
    List<JavaFileObject> files = new ArrayList<>();
    Map<URI, Source> byUri = new HashMap<>();
    for (Source source : sources) {
      ParsedFile file = new ParsedFile(source);
      files.add(file);
      byUri.put(file.toUri(), source);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    List<String> options = List.of("-proc:none");
    JavacTask task = (JavacTask) compiler.getTask(null, null, problems, options, null, files);
    List<SourceFacts> facts = new ArrayList<>();
    try {
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        Source source = byUri.get(unit.getSourceFile().toUri());
        facts.add(new SourceFacts(source, unit, positions));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (Diagnostic<? extends JavaFileObject> problem : problems.getDiagnostics()) {
      if (problem.getKind() == Diagnostic.Kind.ERROR) {
        throw new IllegalArgumentException(problem.toString());
      }
    }
    return facts;
  }

  Source source() {
    return source;
  }

  CompilationUnitTree unit() {
    return unit;
  }

  String packageName() {
    return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
  }

  long firstLine(Tree tree) {
    return lines.getLineNumber(positions.getStartPosition(unit, tree));
  }

  long lineCount(Tree tree) {
    return lines.getLineNumber(positions.getEndPosition(unit, tree)) - firstLine(tree) + 1;
  }

  List<ClassTree> publicTypes() {
    List<ClassTree> types = new ArrayList<>();
    for (Tree declaration : unit.getTypeDecls()) {
      if (declaration instanceof ClassTree type
          && type.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
        types.add(type);
      }
    }
    return types;
  }

  private static final class ParsedFile extends SimpleJavaFileObject {
    private final Source source;

    private ParsedFile(Source source) {
      super(URI.create("source:///" + source.path()), Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source.text();
    }
  }
}
