package dev.paxoskv.sim.mutants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Product and simulator loaded once more, with a few classes replaced by what changed sources
 * compile to. Everything happens in memory; the classes of the build are not touched. A changed
 * source may not change what other sources compiled against.
 */
final class MutantWorld extends ClassLoader {
  private static final String LOADED_AGAIN = "dev.paxoskv.";

  /** Generated, large, and never changed. */
  private static final String SHARED = "dev.paxoskv.proto.";

  private final Map<String, ByteArrayOutputStream> changed;

  private MutantWorld(Map<String, ByteArrayOutputStream> changed) {
    super(MutantWorld.class.getClassLoader());
    this.changed = changed;
  }

  /**
   * A new object of a class in a world with these sources.
   *
   * @param sources the changed ones, by path; empty for the product as it is
   * @param name a class with a constructor without parameters
   * @param type a type of the JDK, since those are the same in all worlds
   */
  static <T> T load(Map<String, String> sources, String name, Class<T> type) {
    MutantWorld world = new MutantWorld(compile(sources));
    try {
      Constructor<?> constructor = world.loadClass(name).getDeclaredConstructor();
      constructor.setAccessible(true);
      return type.cast(constructor.newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(LOADED_AGAIN) || name.startsWith(SHARED)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] bytes = bytes(name);
        loaded = defineClass(name, bytes, 0, bytes.length);
      }
      return loaded;
    }
  }

  private byte[] bytes(String name) throws ClassNotFoundException {
    ByteArrayOutputStream compiled = changed.get(name);
    if (compiled != null) {
      return compiled.toByteArray();
    }
    try (InputStream original = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (original == null) {
        throw new ClassNotFoundException(name);
      }
      return original.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, ByteArrayOutputStream> compile(Map<String, String> sources) {
    Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    if (sources.isEmpty()) {
      return classes;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> told = new DiagnosticCollector<>();
    List<SourceText> units = new ArrayList<>();
    sources.forEach((path, text) -> units.add(new SourceText(path, text)));
    try (StandardJavaFileManager disk = compiler.getStandardFileManager(told, null, null)) {
      List<String> options = List.of("-proc:none", "-nowarn", "--release", "17");
      JavaFileManager memory = new ClassesInMemory(disk, classes);
      boolean isDone =
          compiler.getTask(null, memory, told, options, null, units).call();
      if (!isDone) {
        throw new IllegalArgumentException(told.getDiagnostics().stream()
            .map(Diagnostic::toString)
            .collect(Collectors.joining("\n")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return classes;
  }

  private static final class SourceText extends SimpleJavaFileObject {
    private final String text;

    SourceText(String path, String text) {
      super(URI.create("memory:///" + path), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class ClassesInMemory
      extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final Map<String, ByteArrayOutputStream> classes;

    ClassesInMemory(StandardJavaFileManager disk, Map<String, ByteArrayOutputStream> classes) {
      super(disk);
      this.classes = classes;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      classes.put(name, bytes);
      return new SimpleJavaFileObject(URI.create("memory:///" + name), kind) {
        @Override
        public OutputStream openOutputStream() {
          return bytes;
        }
      };
    }
  }
}
