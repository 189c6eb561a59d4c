package dev.sluice.bench.tls;

import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsVersion;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Sluice's engine; with a direct wire its records go through one heap array, as its transport's.
 */
final class SluiceEnds implements TlsEnds {
  private final TlsClientConfig client;
  private final TlsServerConfig server;

  SluiceEnds(boolean resumes) {
    Duration lifetime = resumes ? Duration.ofHours(1) : Duration.ZERO;
    client =
        TlsClientConfig.builder()
            .trust(TlsTrust.of(BenchPki.AUTHORITY.certificate()))
            .versions(TlsVersion.TLS_1_3)
            .cipherSuites(TlsCipherSuite.TLS_AES_128_GCM_SHA256)
            .groups(TlsGroup.X25519)
            .sessionLifetime(lifetime)
            .build();
    server =
        TlsServerConfig.builder()
            .identity(BenchPki.IDENTITY)
            .versions(TlsVersion.TLS_1_3)
            .cipherSuites(TlsCipherSuite.TLS_AES_128_GCM_SHA256)
            .groups(TlsGroup.X25519)
            .sessionLifetime(lifetime)
            .build();
  }

  @Override
  public TlsEnd client() {
    return new End(client.newEngine(BenchPki.NAME));
  }

  @Override
  public TlsEnd server() {
    return new End(server.newEngine());
  }

  private static final class End implements TlsEnd {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private final TlsEngine engine;
    private final ByteBuffer heapWire = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX);

    End(TlsEngine engine) {
      this.engine = engine;
    }

    @Override
    public void handshake(ByteBuffer in, ByteBuffer out) {
      if (engine.state() == TlsEngineState.HANDSHAKING) {
        engine.offer(in);
        if (engine.handshakeWorkPending()) {
          engine.runHandshakeStep();
        }
      }
      if (engine.state() == TlsEngineState.OPEN) {
        // Tickets.
        engine.open(in, NOTHING);
      }
      engine.drainOutput(out);
      check();
    }

    @Override
    public boolean done() {
      return engine.facts() != null;
    }

    @Override
    public void seal(ByteBuffer content, ByteBuffer wire) {
      if (wire.hasArray()) {
        engine.seal(content, wire);
      } else {
        heapWire.clear();
        engine.seal(content, heapWire);
        wire.put(heapWire.flip());
      }
    }

    @Override
    public void open(ByteBuffer wire, ByteBuffer plain) {
      if (wire.hasArray()) {
        engine.open(wire, plain);
      } else {
        heapWire.clear();
        engine.open(heapWire.put(wire).flip(), plain);
      }
      check();
    }

    private void check() {
      if (engine.failure() != null) {
        throw new IllegalStateException(String.valueOf(engine.failure()));
      }
    }
  }
}
