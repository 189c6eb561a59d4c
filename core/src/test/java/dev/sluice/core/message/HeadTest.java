package dev.sluice.core.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class HeadTest {
  private final RequestHead request = new RequestHead(4096, 32);
  private final ResponseHead response = new ResponseHead(4096, 32);

  @Test
  void partsAreSlicesOfTheStoreAndNoFields() {
    request.setMethod("FOO");
    request.setScheme("https");
    request.setAuthority("h:8443");
    request.setPath("/p?q");
    request.setProtocol("websocket");

    assertThat(request.fields().size()).isZero();
    assertThat(request.methodName()).isEqualTo("FOO");
    assertThat(request.method()).isSameAs(Method.OTHER);
    assertThat(slice(request, request.schemeOffset(), request.schemeLength())).isEqualTo("https");
    assertThat(slice(request, request.authorityOffset(), request.authorityLength()))
        .isEqualTo("h:8443");
    assertThat(slice(request, request.pathOffset(), request.pathLength())).isEqualTo("/p?q");
    assertThat(slice(request, request.protocolOffset(), request.protocolLength()))
        .isEqualTo("websocket");
    assertThat(request.fields().byteCount()).isEqualTo(3 + 5 + 6 + 4 + 9);
  }

  @Test
  void partsAreAbsentUntilSetAndAfterClear() {
    request.setPath("/");
    request.setMethod(Method.POST);
    request.clear();

    assertThat(request.path()).isNull();
    assertThat(request.authority()).isNull();
    assertThat(request.hasProtocol()).isFalse();
    assertThat(request.method()).isSameAs(Method.GET);
    assertThat(request.fields().byteCount()).isZero();
  }

  @Test
  void eachKnownMethodIsFoundByItsNameOnly() {
    for (Method method : Method.values()) {
      byte[] name = method.name().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      assertThat(Method.of(name, 0, name.length)).isSameAs(method);
      name[name.length - 1] |= 0x20;
      assertThat(Method.of(name, 0, name.length)).isSameAs(Method.OTHER);
    }
  }

  @Test
  void copyTakesPartsVersionAndFields() {
    request.setMethod("FOO");
    request.setPath("/x");
    request.setVersion(HttpVersion.HTTP_1_0);
    request.fields().add("x-a", "1");
    RequestHead copy = new RequestHead(64, 4);
    copy.setAuthority("gone");

    assertThat(copy.copyFrom(request)).isTrue();

    assertThat(copy.toString()).isEqualTo(request.toString());
    assertThat(copy.authority()).isNull();
    assertThat(copy.methodName()).isEqualTo("FOO");
  }

  @Test
  void copyOfAResponseTakesStatusAndReason() {
    response.setStatus(404);
    response.setReason("Not Here");
    ResponseHead copy = new ResponseHead(64, 4);

    assertThat(copy.copyFrom(response)).isTrue();

    assertThat(copy.status()).isEqualTo(404);
    assertThat(copy.reason()).isEqualTo("Not Here");
  }

  @Test
  void anotherStatusForgetsTheReason() {
    response.setReason("Fine");
    response.setStatus(204);

    assertThat(response.reason()).isNull();
    assertThat(response.bodyless()).isTrue();
    assertThat(response.isInformational()).isFalse();
  }

  @Test
  void textThatCouldNotBeSentIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> request.setPath("relative"));
    assertThatIllegalArgumentException().isThrownBy(() -> request.setPath("/a b"));
    assertThatIllegalArgumentException().isThrownBy(() -> request.setPath("/a#b"));
    assertThatIllegalArgumentException().isThrownBy(() -> request.setMethod("G@T"));
    assertThatIllegalArgumentException().isThrownBy(() -> request.setMethod(Method.OTHER));
    assertThatIllegalArgumentException().isThrownBy(() -> request.setAuthority("u@h"));
    assertThatIllegalArgumentException().isThrownBy(() -> request.setScheme("1http"));
    assertThatIllegalArgumentException().isThrownBy(() -> response.setStatus(99));
    assertThatIllegalArgumentException().isThrownBy(() -> response.setReason("a\r\nb"));
  }

  @Test
  void partPastTheBoundIsRefusedAndTheOldOneStays() {
    RequestHead narrow = new RequestHead(8, 4);
    assertThat(narrow.setPath("/old")).isTrue();

    assertThat(narrow.setPath("/much-longer")).isFalse();
    assertThat(narrow.path()).isEqualTo("/old");
    assertThat(narrow.setPath("/replace")).isTrue();
  }

  @Test
  void expectationIsSeenInEitherCase() {
    assertThat(request.expectsContinue()).isFalse();
    request.fields().add("Expect", "100-Continue");
    assertThat(request.expectsContinue()).isTrue();
  }

  private static String slice(MessageHead head, int offset, int length) {
    return new String(head.bytes(), offset, length, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
