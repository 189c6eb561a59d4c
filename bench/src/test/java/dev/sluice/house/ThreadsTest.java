package dev.sluice.house;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Threads meet in few, named classes; everything else is confined to one event loop. */
class ThreadsTest {

  /** The whole list: outermost class, and why threads meet there. */
  private static final Map<String, String> MEETING_PLACES =
      Map.ofEntries(
          entry("dev.sluice.core.ProxyEngine", "started, drained and stopped from any thread"),
          entry("dev.sluice.core.loop.EventLoop", "posted to and stopped from any thread"),
          entry("dev.sluice.core.loop.LoopCounters", "written by its loop, read by snapshots"),
          entry("dev.sluice.core.loop.NioPoller", "woken from any thread"),
          entry("dev.sluice.core.loop.TaskQueue", "the crossing from any thread to a loop"),
          entry("dev.sluice.core.DrainWatch", "told by every loop while the engine drains"),
          entry("dev.sluice.core.EngineDrain", "hurried by any thread"),
          entry("dev.sluice.core.EngineSink", "watched from when a drain begins"),
          entry("dev.sluice.core.backend.RetryBudget", "spent by every loop"),
          entry("dev.sluice.core.backend.RetryRules", "waits are drawn by every loop"),
          entry("dev.sluice.core.backend.ServerCounters", "counted by every loop"),
          entry("dev.sluice.core.backend.balance.LeastConnections", "the turn is every loop's"),
          entry("dev.sluice.core.backend.balance.RoundRobin", "the turn is every loop's"),
          entry(
              "dev.sluice.core.backend.pool.IdleBoard", "written by each loop, read by the others"),
          entry("dev.sluice.core.backend.pool.Permits", "taken by every loop"),
          entry("dev.sluice.core.backend.pool.ProtocolHint", "learned by every loop"),
          entry("dev.sluice.core.backend.pool.ProtocolHints", "looked up by every loop"),
          entry("dev.sluice.core.backend.pool.Shelves", "its counts are read by snapshots"),
          entry("dev.sluice.core.backend.pool.WaitingLine", "joined by every loop"),
          entry("dev.sluice.core.backend.resolve.LookupThreads", "threads of its own"),
          entry("dev.sluice.core.backend.resolve.ServerAddresses", "read by every loop"),
          entry("dev.sluice.core.backend.resolve.WatchedName", "its lookups run elsewhere"),
          entry("dev.sluice.core.connection.HandshakeExecutor", "threads of its own"),
          entry("dev.sluice.core.connection.LentHandshake", "goes to a thread and back"),
          entry("dev.sluice.core.frontend.Listener", "its connections live on every loop"),
          entry("dev.sluice.core.observe.AccessLog", "closed by any thread"),
          entry("dev.sluice.core.ListingTask", "told by every loop who is connected"),
          entry("dev.sluice.core.cli.FileRouter", "given the readiness before the start"),
          entry("dev.sluice.core.observe.WireCounters", "written by its loop, read by snapshots"),
          entry("dev.sluice.core.observe.LogQueue", "filled by every loop, emptied by the writer"),
          entry("dev.sluice.core.observe.LogWriter", "a thread of its own"),
          entry("dev.sluice.core.observe.EngineCounters", "written by its loop, read by snapshots"),
          entry("dev.sluice.core.observe.micrometer.ExchangeTimers", "fed by every loop"),
          entry("dev.sluice.core.stream.FilterHold", "decided once, from any thread"),
          entry("dev.sluice.core.stream.RoutingSuspension", "resumed once, from any thread"),
          entry("dev.sluice.tls.ClientSessions", "kept by one handshake, taken by another"),
          entry("dev.sluice.core.cli.RunCommand", "told of signals on threads of their own"),
          entry(
              "dev.sluice.tls.TlsTransportProvider", "settings are renewed while loops read them"),
          entry("dev.sluice.tls.TicketKeys", "changed by whichever handshake finds them old"),
          entry("dev.sluice.tls.engine.bc.ResumptionSecrets", "overrides what locks itself"));

  private static final List<String> PRIMITIVES =
      List.of(
          "java.util.concurrent.atomic.",
          "java.util.concurrent.locks.",
          "java.util.concurrent.Concurrent",
          "java.util.concurrent.CopyOnWrite",
          "java.util.concurrent.CountDownLatch",
          "java.util.concurrent.CyclicBarrier",
          "java.util.concurrent.Phaser",
          "java.util.concurrent.Semaphore",
          "java.util.concurrent.ArrayBlockingQueue",
          "java.util.concurrent.LinkedBlocking",
          "java.util.concurrent.SynchronousQueue",
          "java.lang.invoke.VarHandle",
          "org.jctools.");

  private static final Pattern SYNCHRONIZED = Pattern.compile("\\bsynchronized\\b");
  private static final Pattern COMMENT_OR_STRING =
      Pattern.compile("/\\*.*?\\*/|//[^\n]*|\"(?:\\\\.|[^\"\\\\\n])*\"", Pattern.DOTALL);

  @Test
  void threadsMeetOnlyInTheListedClasses() {
    Set<String> others = new LinkedHashSet<>();
    for (JavaClass type : House.allClasses()) {
      String outermost = outermost(type.getName());
      if (ofALibrary(outermost) && !MEETING_PLACES.containsKey(outermost) && shares(type)) {
        others.add(outermost);
      }
    }
    assertThat(others).as("classes with locks, atomics, volatile fields or shared maps").isEmpty();
  }

  @Test
  void listedClassesReallyShareSomething() {
    Set<String> sharing = new LinkedHashSet<>();
    for (JavaClass type : House.allClasses()) {
      if (shares(type)) {
        sharing.add(outermost(type.getName()));
      }
    }
    assertThat(sharing).containsAll(MEETING_PLACES.keySet());
  }

  @Test
  void nothingSynchronizesOutsideTheListedClasses() throws IOException {
    List<String> others = new ArrayList<>();
    for (String module : House.LIBRARIES) {
      for (Path file : House.javaFiles(module, "src/main/java")) {
        String code = COMMENT_OR_STRING.matcher(Files.readString(file)).replaceAll(" ");
        if (SYNCHRONIZED.matcher(code).find() && !MEETING_PLACES.containsKey(typeOf(file))) {
          others.add(file.toString());
        }
      }
    }
    assertThat(others).isEmpty();
  }

  private static boolean shares(JavaClass type) {
    return type.getFields().stream()
            .anyMatch(field -> field.getModifiers().contains(JavaModifier.VOLATILE))
        || type.getMethods().stream()
            .anyMatch(method -> method.getModifiers().contains(JavaModifier.SYNCHRONIZED))
        || type.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getBaseComponentType().getName())
            .anyMatch(name -> PRIMITIVES.stream().anyMatch(name::startsWith));
  }

  private static boolean ofALibrary(String type) {
    return !type.startsWith("dev.sluice.app.");
  }

  private static String outermost(String type) {
    int nested = type.indexOf('$');
    return nested < 0 ? type : type.substring(0, nested);
  }

  private static String typeOf(Path file) {
    String path = file.toString().replace('\\', '/');
    int start = path.indexOf("/src/main/java/") + "/src/main/java/".length();
    return path.substring(start, path.length() - ".java".length()).replace('/', '.');
  }
}
