/** The proxy engine: event loop, connections, pools, streams and the embedding API. */
module dev.sluice.core {
  requires static org.jspecify;
  requires static org.snakeyaml.engine.v2;
  requires org.jctools.core;
  // The flight recorder's events are made only where the JDK has it.
  requires static jdk.jfr;
  requires static micrometer.core;

  exports dev.sluice.core;
  exports dev.sluice.core.backend.resolve;
  exports dev.sluice.core.buffer;
  exports dev.sluice.core.cli;
  exports dev.sluice.core.config;
  exports dev.sluice.core.loop;
  exports dev.sluice.core.message;
  exports dev.sluice.core.mux;
  exports dev.sluice.core.observe;
  exports dev.sluice.core.observe.micrometer;
  exports dev.sluice.core.stream;
  exports dev.sluice.core.time;
  exports dev.sluice.core.transport;

  uses dev.sluice.core.mux.MuxProvider;
  uses dev.sluice.core.transport.TransportProvider;
}
