package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.HttpVersion;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.stream.RoutingCall;
import dev.sluice.core.stream.Suspension;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DemoRouterTest {
  private final Call call = new Call();

  @Test
  void firstSegmentChoosesTheOriginAndIsTakenOff() {
    route("localhost:8080", "/alpn/bytes/10?a=b");
    assertThat(call.backend).isEqualTo("https-h1/alpn");
    assertThat(call.request.path()).isEqualTo("/bytes/10?a=b");
  }

  @Test
  void nothingAfterTheFirstSegmentLeavesASlash() {
    route("localhost", "/clear");
    assertThat(call.request.path()).isEqualTo("/");
    route("localhost", "/clear?q");
    assertThat(call.request.path()).isEqualTo("/?q");
  }

  @Test
  void hostNameChoosesTheOriginAndThePathStays() {
    route("No-ALPN.sluice.test:8443", "/hello");
    assertThat(call.backend).isEqualTo("https-h1/no-alpn");
    assertThat(call.request.path()).isEqualTo("/hello");
  }

  @Test
  void requestsOfEitherVersionHaveBackendsOfTheirOwn() {
    call.request.setVersion(HttpVersion.HTTP_2);
    route("localhost", "/clear-h2/hello");
    assertThat(call.backend).isEqualTo("https-h2/clear-h2");
  }

  @Test
  void rootIsAnsweredByTheEngine() {
    route("localhost", "/");
    assertThat(call.status).isEqualTo(200);
    route("localhost", "/?q");
    assertThat(call.status).isEqualTo(200);
  }

  @Test
  void whatLeadsNowhereIsNotFound() {
    for (String path : new String[] {"/other/hello", "//alpn", "*", "/ALPN"}) {
      route("localhost", path);
      assertThat(call.status).as(path).isEqualTo(404);
      assertThat(call.backend).as(path).isNull();
    }
  }

  private void route(String authority, String path) {
    call.backend = null;
    call.status = 0;
    call.request.setAuthority(authority);
    call.request.setPath(path);
    new DemoRouter().route(call);
  }

  private static final class Call implements RoutingCall {
    private final RequestHead request = new RequestHead(1024, 10);
    private @Nullable String backend;
    private int status;

    @Override
    public RequestHead request() {
      return request;
    }

    @Override
    public String frontend() {
      return Entrance.TLS.frontend();
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
    public void forward(String to) {
      backend = to;
    }

    @Override
    public void destination(SocketAddress address, @Nullable String serverName) {
      throw new AssertionError("the demo does not send requests elsewhere");
    }

    @Override
    public void answer(FixedResponse response) {
      status = response.status();
    }

    @Override
    public Suspension suspend(Duration deadline) {
      throw new AssertionError("the demo decides at once");
    }
  }
}
