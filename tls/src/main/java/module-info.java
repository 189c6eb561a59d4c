/** TLS 1.2 and 1.3 for the engine, over BouncyCastle. */
module dev.sluice.tls {
  requires static org.jspecify;
  requires transitive dev.sluice.core;
  requires org.bouncycastle.provider;
  requires org.bouncycastle.tls;

  exports dev.sluice.tls;
  exports dev.sluice.tls.engine;

  provides dev.sluice.core.transport.TransportProvider with
      dev.sluice.tls.TlsTransportProvider;
}
