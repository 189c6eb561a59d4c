package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.WirePeer;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("requests (RFC 9113 8)")
class RequestRulesTest {
  private final Rig rig = Rig.ready(Side.FRONT);

  @Test
  void requestIsToldWithItsParts() {
    rig.headers(
        1,
        true,
        ":method",
        "PROPFIND",
        ":path",
        "/a?b=c",
        ":authority",
        "h:8443",
        ":scheme",
        "HTTPS",
        "accept",
        "*/*",
        "x-own",
        "");
    assertThat(rig.told())
        .containsExactly("request 1 PROPFIND https h:8443 /a?b=c accept=*/* x-own= end");
  }

  @ParameterizedTest(name = "{0}: {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "a | :authority h:8443                | h:8443",
        "b | host h                           | h",
        "c | :authority h;host h              | h",
        "C | :authority h;host H              | h",
        "d | :authority h;host other          | 400",
        "e | accept text/html                 | 400",
        "f | :authority user@h                | 400",
        "g | host h;host h                    | 400",
        "h | :authority h:99999               | 400",
        "i | :authority ;host h               | 400",
        "j | :authority [::1]:80              | [::1]:80"
      })
  @DisplayName("H2-2: :authority and Host")
  void authorityAndHostAreOneThing(String which, String fields, String expected) {
    List<String> all = new ArrayList<>(List.of(":method", "GET", ":scheme", "https", ":path", "/"));
    for (String field : fields.split(";", -1)) {
      int blank = field.indexOf(' ');
      all.add(field.substring(0, blank).trim());
      all.add(field.substring(blank + 1).trim());
    }
    rig.headers(1, true, all.toArray(new String[0]));
    if (expected.equals("400")) {
      assertThat(rig.sent()).containsExactly("HEADERS 1 [:status=400] ES");
      assertThat(rig.told()).hasSize(1).first().asString().startsWith("rejected 400");
    } else {
      assertThat(rig.told()).containsExactly("request 1 GET https " + expected + " / end");
    }
  }

  @Test
  @DisplayName(
      "RFC 9113 8.1: a request that is answered without its content is reset with NO_ERROR")
  void restOfARejectedRequestIsNotWanted() {
    rig.post(1, "host", "other").data(1, 100, true);
    assertThat(rig.sent()).containsExactly("HEADERS 1 [:status=400] ES", "RST_STREAM 1 NO_ERROR");
    assertThat(rig.protocol.openStreams()).isZero();
    assertThat(rig.protocol.receiveWindow().unread()).isZero();
  }

  @Test
  @DisplayName("H2-2 (g), RFC 9113 8.5: CONNECT has an authority alone")
  void connectHasAnAuthorityAlone() {
    rig.headers(1, false, ":method", "CONNECT", ":authority", "h:443");
    assertThat(rig.told()).containsExactly("request 1 CONNECT null h:443 null");
    rig.headers(3, false, ":method", "CONNECT", ":authority", "h:443", ":path", "/");
    assertThat(rig.sent()).containsExactly("RST_STREAM 3 PROTOCOL_ERROR");
    rig.headers(5, false, ":method", "CONNECT");
    assertThat(rig.sent()).containsExactly("RST_STREAM 5 PROTOCOL_ERROR");
    rig.headers(7, true, ":method", "CONNECT", ":authority", "h");
    assertThat(rig.sent()).containsExactly("HEADERS 7 [:status=400] ES");
  }

  @Test
  @DisplayName("H2-6, RFC 8441 4: extended CONNECT has all parts and a protocol")
  void extendedConnectIsTold() {
    rig.headers(
        1,
        false,
        ":method",
        "CONNECT",
        ":protocol",
        "websocket",
        ":scheme",
        "https",
        ":path",
        "/ws",
        ":authority",
        "h",
        "sec-websocket-version",
        "13");
    assertThat(rig.told())
        .containsExactly(
            "request 1 CONNECT https h /ws protocol websocket sec-websocket-version=13");
    rig.respond(1, 200, false, "sec-websocket-protocol", "p");
    rig.data(1, "abc", false);
    rig.send(1, 3, false);
    assertThat(rig.stream(1).tunnel()).isTrue();
    assertThat(rig.sent())
        .containsExactly("HEADERS 1 [:status=200, sec-websocket-protocol=p]", "DATA 1 3");
    rig.data(1, "", true);
    rig.protocol.sendEnd(rig.stream(1));
    assertThat(rig.told()).containsExactly("data 1 3", "end 1");
    assertThat(rig.stream(1).state()).isSameAs(StreamState.ENDED);
  }

  @Test
  void headersWithinATunnelAreAStreamError() {
    rig.headers(1, false, ":method", "CONNECT", ":authority", "h:443");
    rig.respond(1, 200, false);
    rig.sent();
    rig.headers(1, true, "x", "y");
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "method missing            | :scheme https;:path /;:authority h",
        "scheme missing            | :method GET;:path /;:authority h",
        "path missing              | :method GET;:scheme https;:authority h",
        "path empty                | :method GET;:scheme https;:path ;:authority h",
        "path without a slash      | :method GET;:scheme https;:path a;:authority h",
        "asterisk without OPTIONS  | :method GET;:scheme https;:path *;:authority h",
        "path with a blank         | :method GET;:scheme https;:path /a b;:authority h",
        "path with a fragment      | :method GET;:scheme https;:path /a#b;:authority h",
        "method no token           | :method G T;:scheme https;:path /;:authority h",
        "scheme no scheme          | :method GET;:scheme 1;:path /;:authority h",
        "method twice              | :method GET;:method GET;:scheme https;:path /;:authority h",
        "authority twice           | :method GET;:scheme https;:path /;:authority h;:authority h",
        "pseudo-field late         | :method GET;:scheme https;:authority h;a b;:path /",
        "pseudo-field unknown      | :method GET;:scheme https;:path /;:authority h;:own x",
        "pseudo-field of responses | :method GET;:scheme https;:path /;:authority h;:status 200",
        "protocol without CONNECT  | :method GET;:scheme https;:path /;:authority h;:protocol p",
        "upper case in a name      | :method GET;:scheme https;:path /;:authority h;X-Own a",
        "name with a blank         | :method GET;:scheme https;:path /;:authority h;x y z",
        "name empty                | :method GET;:scheme https;:path /;:authority h; v",
        "name with a colon         | :method GET;:scheme https;:path /;:authority h;x:y z",
        "connection                | :method GET;:scheme https;:path /;:authority h;connection"
            + " close",
        "keep-alive                | :method GET;:scheme https;:path /;:authority h;keep-alive 5",
        "proxy-connection          | :method GET;:scheme https;:path /;:authority"
            + " h;proxy-connection x",
        "transfer-encoding         | :method GET;:scheme https;:path /;:authority"
            + " h;transfer-encoding chunked",
        "upgrade                   | :method GET;:scheme https;:path /;:authority h;upgrade h2c",
        "te                        | :method GET;:scheme https;:path /;:authority h;te gzip",
        "te with more              | :method GET;:scheme https;:path /;:authority h;te trailers,"
            + " gzip",
        "content-length no number  | :method GET;:scheme https;:path /;:authority h;content-length"
            + " x",
        "content-length negative   | :method GET;:scheme https;:path /;:authority h;content-length"
            + " -1",
        "content-length without    | :method GET;:scheme https;:path /;:authority h;content-length"
            + " 1",
        "lengths that differ       | :method GET;:scheme https;:path /;:authority h;content-length"
            + " 0;content-length 1"
      })
  @DisplayName("RFC 9113 8.1.1: malformed requests")
  void malformedRequestIsAStreamError(String why, String fields) {
    List<String> all = new ArrayList<>();
    for (String field : fields.split(";", -1)) {
      // The name is up to the first blank that is followed by the value; names may have blanks.
      int blank = why.equals("name with a blank") && field.equals("x y z") ? 3 : field.indexOf(' ');
      all.add(field.substring(0, blank));
      all.add(field.substring(blank + 1));
    }
    byte[] block = WirePeer.literalBlock(all.toArray(new String[0]));
    rig.raw(FrameType.HEADERS, FrameFlags.END_HEADERS | FrameFlags.END_STREAM, 1, block);
    assertThat(rig.sent()).as(why).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
    assertThat(rig.told()).hasSize(1).first().asString().startsWith("rejected 0");
    assertThat(rig.protocol.openStreams()).isZero();
    rig.get(3);
    assertThat(rig.told()).containsExactly("request 3 GET https h / end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\0b", " a", "a ", "\ta", "a\u007fb"})
  @DisplayName("RFC 9113 8.2.1: values that could break a line")
  void valueWithAForbiddenByteIsAStreamError(String value) {
    byte[] block =
        WirePeer.literalBlock(
            ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "h", "x", value);
    rig.raw(FrameType.HEADERS, FrameFlags.END_HEADERS | FrameFlags.END_STREAM, 1, block);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
  }

  @Test
  void teTrailersPasses() {
    rig.headers(
        1,
        true,
        ":method",
        "GET",
        ":scheme",
        "https",
        ":path",
        "/",
        ":authority",
        "h",
        "te",
        "trailers");
    assertThat(rig.told()).containsExactly("request 1 GET https h / te=trailers end");
  }

  @Test
  @DisplayName("H2-1, RFC 9113 8.2.3: cookies are joined")
  void cookiesAreJoined() {
    rig.headers(
        1,
        true,
        ":method",
        "GET",
        ":scheme",
        "https",
        ":path",
        "/",
        ":authority",
        "h",
        "cookie",
        "a=1",
        "accept",
        "*/*",
        "cookie",
        "b=2; c=3",
        "cookie",
        "d=");
    assertThat(rig.told())
        .containsExactly("request 1 GET https h / cookie=a=1; b=2; c=3; d= accept=*/* end");
  }

  @Test
  void twoHundredCookiesAreOne() {
    Rig wide = Rig.ready(Side.FRONT, H2Options.defaults().withHeads(16_384, 300));
    List<String> fields =
        new ArrayList<>(
            List.of(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "h"));
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      fields.addAll(List.of("cookie", "c" + i + "=" + i));
      joined.append(i == 0 ? "" : "; ").append("c" + i + "=" + i);
    }
    wide.headers(1, true, fields.toArray(new String[0]));
    assertThat(wide.told()).containsExactly("request 1 GET https h / cookie=" + joined + " end");
  }

  @Test
  @DisplayName("RFC 9113 8.1.1: content-length has to be the sum of all DATA")
  void contentOfAnotherLengthIsAStreamError() {
    rig.post(1, "content-length", "10").data(1, 4, false).data(1, 6, true);
    assertThat(rig.told()).last().isEqualTo("data 1 10 end");
    rig.post(3, "content-length", "10").data(3, 11, false);
    assertThat(rig.sent()).containsExactly("RST_STREAM 3 PROTOCOL_ERROR");
    rig.post(5, "content-length", "10").data(5, 9, true);
    assertThat(rig.sent()).containsExactly("RST_STREAM 5 PROTOCOL_ERROR");
    rig.post(7, "content-length", "10").data(7, 9, false).data(7, 0, true);
    assertThat(rig.sent()).containsExactly("RST_STREAM 7 PROTOCOL_ERROR");
    rig.post(9, "content-length", "10").data(9, 9, false).headers(9, true, "x", "y");
    assertThat(rig.sent()).containsExactly("RST_STREAM 9 PROTOCOL_ERROR");
    rig.post(11, "content-length", "10, 10").data(11, 10, true);
    assertThat(rig.told()).contains("request 11 POST https h / content-length=10");
  }

  @Test
  void trailersEndAMessage() {
    rig.post(1).data(1, 5, false).headers(1, true, "x-sum", "abc", "content-length", "5");
    assertThat(rig.told())
        .containsExactly("request 1 POST https h /", "data 1 5", "trailers 1 x-sum=abc");
    rig.post(3).headers(3, true, "content-length", "5");
    assertThat(rig.told()).containsExactly("request 3 POST https h /", "end 3");
  }

  @Test
  @DisplayName("RFC 9113 8.1: trailers end the stream and have no pseudo-fields")
  void malformedTrailersAreAStreamError() {
    rig.post(1).headers(1, false, "x", "y");
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
    rig.post(3).headers(3, true, ":path", "/");
    assertThat(rig.sent()).containsExactly("RST_STREAM 3 PROTOCOL_ERROR");
    rig.post(5).headers(5, true, "connection", "close");
    assertThat(rig.sent()).containsExactly("RST_STREAM 5 PROTOCOL_ERROR");
  }

  @Test
  void tooLargeAHeadIsAnsweredAndTheTableStaysEqual() {
    Rig small = Rig.ready(Side.FRONT, H2Options.defaults().withHeads(1000, 20));
    small.post(1, "x-large", "v".repeat(1500), "x-later", "remembered");
    assertThat(small.sent()).containsExactly("HEADERS 1 [:status=431] ES", "RST_STREAM 1 NO_ERROR");
    small.post(3, "x-later", "remembered");
    assertThat(small.told())
        .containsExactly(
            "rejected 431: fields larger than the limit",
            "request 3 POST https h / x-later=remembered");
  }

  @Test
  void tooManyFieldsAreAnswered() {
    Rig small = Rig.ready(Side.FRONT, H2Options.defaults().withHeads(10_000, 4));
    small.headers(
        1,
        true,
        ":method",
        "GET",
        ":scheme",
        "https",
        ":path",
        "/",
        ":authority",
        "h",
        "a",
        "",
        "b",
        "",
        "c",
        "",
        "d",
        "",
        "e",
        "");
    assertThat(small.sent()).containsExactly("HEADERS 1 [:status=431] ES");
  }

  @Test
  void everySplitOfARequestReadsTheSame() {
    for (int step = 1; step < 60; step++) {
      Rig cut = Rig.ready(Side.FRONT);
      cut.step = step;
      cut.post(1, "x-a", "1").paddedData(1, 20, 7, false).headers(1, true, "x-b", "2");
      assertThat(cut.told())
          .containsExactly("request 1 POST https h / x-a=1", "data 1 20", "trailers 1 x-b=2");
    }
  }

  @Test
  @DisplayName("RFC 7541 6.2.3: the mark of a field that is never indexed goes along")
  void neverIndexedFieldIsMarked() {
    byte[] block =
        WirePeer.literalBlock(
            ":method", "GET", ":scheme", "https", ":path", "/", ":authority", "h");
    byte[] marked = WirePeer.literalBlock("x-token", "t");
    marked[0] = 0x10;
    byte[] both = new byte[block.length + marked.length];
    System.arraycopy(block, 0, both, 0, block.length);
    System.arraycopy(marked, 0, both, block.length, marked.length);
    boolean[] sensitive = new boolean[1];
    rig.onHead = fields -> sensitive[0] = fields.sensitive(fields.size() - 1);
    rig.raw(FrameType.HEADERS, FrameFlags.END_HEADERS, 1, both);
    assertThat(sensitive[0]).isTrue();
  }
}
