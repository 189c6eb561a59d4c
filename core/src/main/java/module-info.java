/** The proxy engine: event loop, connections, pools, streams and the embedding API. */
module dev.sluice.core {
  requires static org.jspecify;
  requires org.jctools.core;

  exports dev.sluice.core.message;
}
