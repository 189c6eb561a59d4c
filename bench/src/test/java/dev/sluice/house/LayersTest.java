package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may import whom. The outer walls are the module descriptors; these are the inner ones. */
class LayersTest {

  /** Leaves that import nothing of ours and that anyone may import. */
  private static final Layer CONFIG = Layer.core("config").uses("org.snakeyaml.engine.");

  private static final Layer OBSERVE = Layer.core("observe").uses("jdk.jfr.", "org.jctools.");

  // cli -> core -> frontend -> stream -> backend -> connection -> mux -> transport -> loop
  private static final Layer TIME = Layer.core("time").sees(CONFIG, OBSERVE);
  private static final Layer BUFFER = Layer.core("buffer").sees(CONFIG, OBSERVE);
  private static final Layer MESSAGE =
      Layer.core("message").sees(BUFFER, CONFIG, OBSERVE).withoutIo();
  private static final Layer LOOP =
      Layer.core("loop").sees(TIME, BUFFER, CONFIG, OBSERVE).uses("org.jctools.");
  private static final Layer TRANSPORT = Layer.core("transport").above(LOOP);
  private static final Layer MUX = Layer.core("mux").above(TRANSPORT).sees(MESSAGE);
  private static final Layer CONNECTION = Layer.core("connection").above(MUX);
  private static final Layer BACKEND =
      Layer.core("backend", "backend.balance", "backend.health", "backend.pool", "backend.resolve")
          .above(CONNECTION);
  private static final Layer STREAM = Layer.core("stream").above(BACKEND);
  private static final Layer FRONTEND = Layer.core("frontend").above(STREAM);

  // A mux of the core's own sees what any mux sees.
  private static final Layer MUX_TCP = muxModule(Layer.core("mux.tcp"));
  private static final Layer CORE = Layer.of("dev.sluice.core").above(FRONTEND).sees(MUX_TCP);

  // It reads the engine's snapshot; nothing of ours sees it.
  private static final Layer MICROMETER =
      Layer.core("observe.micrometer").above(CORE).uses("io.micrometer.");
  private static final Layer CLI = Layer.core("cli").above(CORE);

  private static final Layer TLS_ENGINE =
      sansIo(Layer.of("dev.sluice.tls.engine"))
          .sees(Layer.of("dev.sluice.tls.engine.bc"))
          .uses("javax.crypto.", "javax.security.auth.x500.");
  private static final Layer TLS_BC =
      sansIo(Layer.of("dev.sluice.tls.engine.bc"))
          .sees(TLS_ENGINE)
          .uses("org.bouncycastle.", "javax.crypto.", "javax.security.auth.x500.");
  private static final Layer TLS =
      Layer.of("dev.sluice.tls")
          .sees(TRANSPORT, BUFFER, TIME, CONFIG, OBSERVE, TLS_ENGINE, TLS_BC)
          .uses("javax.crypto.", "javax.security.auth.x500.", "javax.net.ssl.");

  private static final Layer H1_CODEC = sansIo(Layer.of("dev.sluice.mux.h1.codec"));
  private static final Layer H1 = muxModule(Layer.of("dev.sluice.mux.h1")).sees(H1_CODEC);

  private static final Layer H2_SANS_IO =
      sansIo(
          Layer.of(
              "dev.sluice.mux.h2.frame", "dev.sluice.mux.h2.hpack", "dev.sluice.mux.h2.protocol"));
  private static final Layer H2 = muxModule(Layer.of("dev.sluice.mux.h2")).sees(H2_SANS_IO);

  static final List<Layer> TABLE =
      List.of(
          CONFIG,
          OBSERVE,
          TIME,
          BUFFER,
          MESSAGE,
          LOOP,
          TRANSPORT,
          MUX,
          CONNECTION,
          BACKEND,
          STREAM,
          FRONTEND,
          MUX_TCP,
          CORE,
          MICROMETER,
          CLI,
          TLS_ENGINE,
          TLS_BC,
          TLS,
          H1_CODEC,
          H1,
          H2_SANS_IO,
          H2);

  /** The assembled program is no layer: it may use everything. */
  private static final String PROGRAM = "dev.sluice.app";

  @Test
  void everyClassImportsOnlyWhatItsLayerSees() {
    Map<String, Layer> layers = layersByPackage();
    List<String> faults = new ArrayList<>();
    for (JavaClass type : House.allClasses()) {
      Layer layer = layers.get(type.getPackageName());
      if (layer == null) {
        continue;
      }
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (!target.isPrimitive() && !layer.mayImport(target)) {
          faults.add(dependency.getDescription());
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void everyPackageHasItsPlaceInTheTable() {
    Map<String, Layer> layers = layersByPackage();
    assertThat(House.allClasses().stream().map(JavaClass::getPackageName).distinct().toList())
        .filteredOn(name -> !layers.containsKey(name))
        .allMatch(name -> name.equals(PROGRAM) || name.isEmpty());
  }

  private static Layer muxModule(Layer layer) {
    return layer.sees(MUX, MESSAGE, BUFFER, TIME, CONFIG, OBSERVE).seesInPart(TRANSPORT);
  }

  private static Layer sansIo(Layer layer) {
    return layer.sees(MESSAGE, CONFIG, OBSERVE).seesInPart(TRANSPORT, MUX).withoutIo();
  }

  private static Map<String, Layer> layersByPackage() {
    Map<String, Layer> layers = new LinkedHashMap<>();
    for (Layer layer : TABLE) {
      for (String name : layer.packages()) {
        assertThat(layers.put(name, layer)).as("second row for " + name).isNull();
      }
    }
    return layers;
  }
}
