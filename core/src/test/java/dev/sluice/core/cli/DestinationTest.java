package dev.sluice.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.stream.RoutingCall;
import dev.sluice.core.stream.Suspension;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A destination from fields: never a name, never outside of the allow-list. */
class DestinationTest {
  private static final InetSocketAddress OWN =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 9000);

  private final Destination destination =
      new Destination(
          "x-address",
          "x-port",
          List.of(Network.parse("127.0.0.0/8"), Network.parse("2001:db8::/32")),
          OWN,
          "origin.test");
  private final Call call = new Call();

  @Test
  void fieldsNameTheAddress() {
    call.field("X-Port", "8081").field("x-address", "127.0.0.9");

    assertThat(destination.choose(call)).isNull();
    assertThat(call.address).isEqualTo(new InetSocketAddress(IpText.parse("127.0.0.9"), 8081));
    assertThat(call.serverName).isEqualTo("origin.test");
  }

  @Test
  void missingFieldsLeaveTheServersOwn() {
    assertThat(destination.choose(call)).isNull();
    assertThat(call.address).isEqualTo(OWN);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "65536", "08", "80 ", "http", "", "99999999999"})
  void whatIsNoPortIsABadRequest(String port) {
    call.field("x-port", port);

    assertRefused(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.1", "2130706433", "0177.0.0.1", ""})
  void whatIsNoLiteralAddressIsABadRequest(String address) {
    call.field("x-address", address);

    assertRefused(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "::1", "169.254.169.254", "::ffff:10.0.0.1", "2001:db9::1"})
  void addressOutsideOfTheNetworksIsForbidden(String address) {
    call.field("x-address", address);

    assertRefused(403);
  }

  @Test
  void fieldThatStandsTwiceIsABadRequest() {
    call.field("x-port", "8081").field("x-port", "8082");

    assertRefused(400);
  }

  private void assertRefused(int status) {
    FixedResponse refusal = destination.choose(call);
    assertThat(refusal).isNotNull();
    assertThat(refusal.status()).isEqualTo(status);
    assertThat(call.address).isNull();
  }

  private static final class Call implements RoutingCall {
    private final RequestHead head = new RequestHead(4096, 16);
    private @Nullable SocketAddress address;
    private @Nullable String serverName;

    Call field(String name, String value) {
      byte[] nameBytes = name.getBytes(StandardCharsets.US_ASCII);
      byte[] valueBytes = value.getBytes(StandardCharsets.US_ASCII);
      head.fields().add(nameBytes, 0, nameBytes.length, valueBytes, 0, valueBytes.length);
      return this;
    }

    @Override
    public RequestHead request() {
      return head;
    }

    @Override
    public void destination(SocketAddress to, @Nullable String name) {
      address = to;
      serverName = name;
    }

    @Override
    public String frontend() {
      return "web";
    }

    @Override
    public @Nullable SocketAddress clientAddress() {
      return null;
    }

    @Override
    public @Nullable String serverName() {
      return null;
    }

    @Override
    public void forward(String backend) {
      throw new AssertionError("not its business");
    }

    @Override
    public void answer(FixedResponse response) {
      throw new AssertionError("not its business");
    }

    @Override
    public Suspension suspend(Duration deadline) {
      throw new AssertionError("not its business");
    }
  }
}
