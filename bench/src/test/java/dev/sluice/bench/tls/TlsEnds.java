package dev.sluice.bench.tls;

/** Makes the ends of one contender's connections, over contexts that all of them share. */
interface TlsEnds {
  TlsEnd client();

  TlsEnd server();
}
