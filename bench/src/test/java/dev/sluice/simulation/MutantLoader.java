package dev.sluice.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * Loads everything of ours anew, with the classes that a {@link Mutation} changes in its form, and
 * with assertions off, so that what notices the mutation is the simulation. Nobody else sees any of
 * it.
 */
final class MutantLoader extends URLClassLoader {
  private static final Path SOURCES = Path.of("../core/src/main/java");
  private static final String OURS = "dev.sluice.";

  private final Map<String, byte[]> mutants;

  private MutantLoader(URL[] classPath, Map<String, byte[]> mutants) {
    super(classPath, MutantLoader.class.getClassLoader());
    this.mutants = mutants;
    setDefaultAssertionStatus(false);
  }

  static MutantLoader of(Mutation mutation) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (String entry :
        System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1)) {
      urls.add(url(entry));
    }
    return new MutantLoader(urls.toArray(URL[]::new), compile(mutation));
  }

  private static URL url(String entry) throws MalformedURLException {
    return Path.of(entry).toUri().toURL();
  }

  private static Map<String, byte[]> compile(Mutation mutation) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (Mutation.Edit edit : mutation.edits()) {
      Path file = SOURCES.resolve(edit.type().replace('.', '/') + ".java");
      String text =
          texts.containsKey(edit.type()) ? texts.get(edit.type()) : Files.readString(file);
      int at = text.indexOf(edit.original());
      if (at < 0 || text.indexOf(edit.original(), at + 1) >= 0) {
        throw new AssertionError(
            "\""
                + mutation.name()
                + "\" changes what "
                + file
                + " does not hold once: "
                + edit.original());
      }
      texts.put(edit.type(), text.replace(edit.original(), edit.replacement()));
    }
    Map<String, byte[]> compiled = new HashMap<>();
    if (texts.isEmpty()) {
      return compiled;
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    try (StandardJavaFileManager standard = compiler.getStandardFileManager(problems, null, null)) {
      List<Source> sources = new ArrayList<>();
      texts.forEach((type, text) -> sources.add(new Source(type, text)));
      List<String> options =
          List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
      boolean done =
          compiler
              .getTask(null, new Memory(standard, compiled), problems, options, null, sources)
              .call();
      if (!done) {
        throw new AssertionError(
            "\"" + mutation.name() + "\" does not compile: " + problems.getDiagnostics());
      }
    }
    return compiled;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    synchronized (getClassLoadingLock(name)) {
      if (!name.startsWith(OURS)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null) {
        byte[] mutant = mutants.get(name);
        loaded = mutant == null ? findClass(name) : defineClass(name, mutant, 0, mutant.length);
      }
      return loaded;
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String type, String text) {
      super(URI.create("mutant:///" + type.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  /** Keeps what is compiled. */
  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    private final Map<String, byte[]> compiled;

    Memory(JavaFileManager standard, Map<String, byte[]> compiled) {
      super(standard);
      this.compiled = compiled;
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
      return new SimpleJavaFileObject(URI.create("mutant:///" + type + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return new ByteArrayOutputStream() {
            @Override
            public void close() {
              compiled.put(type, toByteArray());
            }
          };
        }
      };
    }
  }
}
