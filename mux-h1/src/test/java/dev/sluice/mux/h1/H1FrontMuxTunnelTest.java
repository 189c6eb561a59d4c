package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Upgrades and CONNECT on a client's connection (RFC 9110 7.8, 9.3.6). */
// Bytes as they stand on the wire: a text block would hide their line ends.
@SuppressWarnings("StringConcatToTextBlock")
class H1FrontMuxTunnelTest extends FrontMuxScene {
  private void openTunnel() {
    host.receive(
        "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly");
    assertThat(exchange(1).events).containsExactly("head GET /ws end");
    assertThat(exchange(1).request.protocol()).isEqualTo("websocket");
    exchange(1).sendResponse(101, false, "protocol: websocket");
    assertThat(host.take())
        .isEqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    assertThat(exchange(1).events).endsWith("data early");
  }

  @Test
  @DisplayName("scenario H1-5 e")
  void acceptedUpgradeIsATunnelWithHalfCloseBothWays() {
    openTunnel();
    host.receive(" abc");
    host.receiveEnd();
    assertThat(exchange(1).events).endsWith("data early abc", "end");
    assertThat(exchange(1).send("def", false)).isEqualTo(3);
    assertThat(host.closed).isEmpty();
    exchange(1).sendEnd();
    assertThat(host.take()).isEqualTo("def");
    assertThat(host.outputEnded).isTrue();
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(exchange(1).events).endsWith("end", "released");
  }

  @Test
  void ourEndOfATunnelLetsTheClientGoOn() {
    openTunnel();
    exchange(1).sendEnd();
    assertThat(host.outputEnded).isTrue();
    host.receive(" more");
    assertThat(exchange(1).events).endsWith("data early more");
    host.receiveEnd();
    assertThat(exchange(1).events).endsWith("end", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void bothDirectionsEndTogetherWhereTheTransportKnowsNoHalfClose() {
    host.halfClose = false;
    openTunnel();
    exchange(1).send("bye", false);
    exchange(1).sendEnd();
    assertThat(host.outputEnded).isFalse();
    assertThat(exchange(1).events).endsWith("released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(host.take()).isEqualTo("bye");
  }

  @Test
  void clientsEndEndsATunnelWhereTheTransportKnowsNoHalfClose() {
    host.halfClose = false;
    openTunnel();
    host.receiveEnd();
    assertThat(exchange(1).events).endsWith("end", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void tunnelHasBackPressureBothWays() {
    prepare = upper -> upper.appetite = 3;
    openTunnelPartly();
    exchange(1).eat(2);
    assertThat(exchange(1).events).endsWith("data early");
    host.room = 2;
    assertThat(exchange(1).send("abc", false)).isEqualTo(2);
    host.makeRoom(10);
    assertThat(exchange(1).events).endsWith("writable");
  }

  private void openTunnelPartly() {
    host.receive("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\nearly");
    assertThat(exchange(1).events).containsExactly("head CONNECT null end");
    exchange(1).sendResponse(200, false);
    assertThat(host.take()).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
    assertThat(exchange(1).events).endsWith("data ear");
  }

  @Test
  void refusedConnectEndsTheConnection() {
    host.receive("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n");
    exchange(1).sendResponse(403, true);
    assertThat(host.take()).contains("connection: close");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(exchanges).hasSize(1);
  }

  @Test
  void refusedUpgradeLeavesTheConnectionAsItWas() {
    host.receive(
        "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
            + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(403, true);
    assertThat(exchange(2).events).containsExactly("head GET /next end");
  }

  @Test
  @DisplayName("RFC 9110 15.2.2")
  void switchThatNobodyAskedForIsNotPassedOn() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(101, false, "protocol: websocket");
    assertThat(host.take()).isEmpty();
    assertThat(exchange(1).events).endsWith("released");
    assertThat(host.closed).startsWith("gracefully ");
  }

  @Test
  void upgradeBehindContentWaitsForItsEnd() {
    host.receive(
        "POST /u HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: foo\r\n"
            + "Content-Length: 4\r\n\r\nab");
    exchange(1).sendResponse(101, false, "protocol: foo");
    host.receive("cdraw");
    assertThat(exchange(1).events).containsExactly("head POST /u", "data abcd endraw");
  }
}
