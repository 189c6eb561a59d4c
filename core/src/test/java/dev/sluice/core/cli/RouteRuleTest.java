package dev.sluice.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.cli.RouteRule.FieldMatch;
import dev.sluice.core.cli.RouteRule.FieldMatch.Extent;
import dev.sluice.core.cli.RouteRule.Host;
import dev.sluice.core.cli.RouteRule.PathPrefix;
import dev.sluice.core.message.RequestHead;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which requests a route takes. */
class RouteRuleTest {
  @Test
  void hostIsComparedWithoutItsPortAndCase() {
    assertThat(host("www.example.com", "WWW.Example.COM:8080")).isTrue();
    assertThat(host("www.example.com", "www.example.com.evil.test")).isFalse();
    assertThat(host("www.example.com", "xwww.example.com")).isFalse();
    assertThat(host("[::1]", "[::1]:80")).isTrue();
  }

  @Test
  void wildcardTakesAllNamesBelowAndNotTheNameItself() {
    assertThat(host("*.example.com", "a.b.example.com")).isTrue();
    assertThat(host("*.example.com", "example.com")).isFalse();
    assertThat(host("*.example.com", ".example.com")).isFalse();
    assertThat(host("*.example.com", "badexample.com")).isFalse();
  }

  @Test
  void pathTakesItselfAndWhatIsBelow() {
    assertThat(path("/api", "/api")).isTrue();
    assertThat(path("/api", "/api/x")).isTrue();
    assertThat(path("/api", "/api?x")).isTrue();
    assertThat(path("/api", "/apis")).isFalse();
    assertThat(path("/api/", "/api")).isFalse();
    assertThat(path("/", "/anything")).isTrue();
    assertThat(path("/", "*")).isFalse();
  }

  @Test
  void fieldIsComparedByNameAndValue() {
    assertThat(field("X-Canary", "", Extent.NONE, "anything")).isTrue();
    assertThat(field("x-canary", "yes", Extent.ALL, "yes")).isTrue();
    assertThat(field("x-canary", "yes", Extent.ALL, "yes!")).isFalse();
    assertThat(field("x-canary", "yes", Extent.PREFIX, "yes!")).isTrue();
    assertThat(field("x-canary", "yes", Extent.PREFIX, "ye")).isFalse();
    assertThat(field("x-other", "", Extent.NONE, "yes")).isFalse();
  }

  @Test
  void allConditionsMustHoldAndOneValueOfEachIsEnough() {
    RouteRule rule =
        new RouteRule(
            List.of(new Host("a.test"), new Host("b.test")),
            List.of(new PathPrefix("/x"), new PathPrefix("/y")),
            List.of(),
            "app",
            null);

    assertThat(rule.matches(request("b.test", "/y/z", "1"))).isTrue();
    assertThat(rule.matches(request("b.test", "/z", "1"))).isFalse();
    assertThat(rule.matches(request("c.test", "/x", "1"))).isFalse();
  }

  @Test
  void requestWithoutHostMatchesNoHost() {
    RequestHead request = request("a.test", "/", "1");
    request.clearAuthority();

    assertThat(rule(List.of(new Host("a.test")), List.of(), List.of()).matches(request)).isFalse();
  }

  private static boolean host(String pattern, String authority) {
    return rule(List.of(new Host(pattern)), List.of(), List.of())
        .matches(request(authority, "/", "1"));
  }

  private static boolean path(String prefix, String path) {
    return rule(List.of(), List.of(new PathPrefix(prefix)), List.of())
        .matches(request("a.test", path, "1"));
  }

  private static boolean field(String name, String value, Extent extent, String given) {
    return rule(List.of(), List.of(), List.of(new FieldMatch(name, value, extent)))
        .matches(request("a.test", "/", given));
  }

  private static RouteRule rule(List<Host> hosts, List<PathPrefix> paths, List<FieldMatch> fields) {
    return new RouteRule(hosts, paths, fields, "app", null);
  }

  private static RequestHead request(String authority, String path, String canary) {
    RequestHead head = new RequestHead(4096, 16);
    head.setAuthority(authority);
    head.setPath(path);
    byte[] name = "x-canary".getBytes(StandardCharsets.US_ASCII);
    byte[] value = canary.getBytes(StandardCharsets.US_ASCII);
    assertThat(head.fields().add(name, 0, name.length, value, 0, value.length)).isTrue();
    return head;
  }
}
