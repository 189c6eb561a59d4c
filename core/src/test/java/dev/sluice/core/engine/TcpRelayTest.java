package dev.sluice.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** {@code core} alone is a TCP relay, over real sockets. */
class TcpRelayTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  @Test
  void bytesPassBothWaysAndEachDirectionEndsByItself() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      CompletableFuture<byte[]> seen =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  byte[] all = socket.getInputStream().readAllBytes();
                  socket.getOutputStream().write("answer".getBytes(StandardCharsets.US_ASCII));
                  return all;
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      try (ProxyEngine engine = relayTo((InetSocketAddress) server.getLocalSocketAddress())) {
        engine.start();
        byte[] sent = new byte[3_000_000];
        Arrays.fill(sent, (byte) 7);
        try (Socket client = connect(engine)) {
          client.getOutputStream().write(sent);
          client.shutdownOutput();
          InputStream in = client.getInputStream();
          assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII)).isEqualTo("answer");
        }
        assertThat(seen.get()).isEqualTo(sent);
      }
    }
  }

  @Test
  void refusedConnectClosesTheClientAndIsCounted() throws Exception {
    InetSocketAddress closed;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = (InetSocketAddress) server.getLocalSocketAddress();
    }
    try (ProxyEngine engine = relayTo(closed)) {
      engine.start();
      try (Socket client = connect(engine)) {
        assertThat(readToEnd(client)).isEmpty();
      }
      assertThat(engine.snapshot().exchanges().connectFailures()).isEqualTo(2);
    }
  }

  @Test
  void startCanBeCalledAgainAfterThePortWasTaken() throws Exception {
    ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    InetSocketAddress address = (InetSocketAddress) taken.getLocalSocketAddress();
    ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("relay", ProxyMode.TCP, "servers", ListenerConfig.clear(address))
            .backend(BackendConfig.tcp("servers", ServerConfig.clear("a", address)))
            .build();
    try (taken) {
      assertThatThrownBy(engine::start)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(Integer.toString(address.getPort()));
    }
    try (engine) {
      engine.start();
      assertThat(engine.address("relay", 0)).isEqualTo(address);
    }
  }

  private static byte[] readToEnd(Socket client) throws IOException {
    try {
      return client.getInputStream().readAllBytes();
    } catch (java.net.SocketException reset) {
      return new byte[0];
    }
  }

  private static ProxyEngine relayTo(InetSocketAddress server) {
    return ProxyEngine.builder()
        .frontend("relay", ProxyMode.TCP, "servers", ListenerConfig.clear(ANY))
        .backend(BackendConfig.tcp("servers", ServerConfig.clear("a", server)))
        .build();
  }

  private static Socket connect(ProxyEngine engine) throws IOException {
    InetSocketAddress address = engine.address("relay", 0);
    return new Socket(address.getAddress(), address.getPort());
  }
}
