/** TLS 1.2 and 1.3 for the engine, over BouncyCastle. */
module dev.sluice.tls {
  requires static org.jspecify;
  requires dev.sluice.core;
  requires org.bouncycastle.provider;
  requires org.bouncycastle.tls;
}
