package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9525 6: which presented names cover which reference names. */
class HostNameCheckTest {
  @ParameterizedTest(name = "{0} covers {1}: {2}")
  @CsvSource({
    "example.com, example.com, true",
    "EXAMPLE.com, example.COM, true",
    "example.com, www.example.com, false",
    "www.example.com, example.com, false",
    "*.example.com, www.example.com, true",
    "*.EXAMPLE.com, www.example.com, true",
    "*.example.com, example.com, false",
    "*.example.com, a.b.example.com, false",
    "*.example.com, .example.com, false",
    // RFC 9525 6.3: the wildcard is the complete left-most label.
    "w*.example.com, www.example.com, false",
    "*w.example.com, www.example.com, false",
    "w*w.example.com, www.example.com, false",
    "www.*.com, www.example.com, false",
    "*.*.com, www.example.com, false",
    "*, example, false",
    "*., example., false",
    "*.com, example.com, false",
    "*.com., example.com., false",
    "xn--bcher-kva.example, xn--bcher-kva.example, true",
    "*.example.com, xn--bcher-kva.example.com, true",
    "127.0.0.1, 127.0.0.1, true"
  })
  void namesMatch(String presented, String expected, boolean matches) {
    assertThat(HostNameCheck.matchesDns(presented, expected)).isEqualTo(matches);
  }

  @Test
  void addressesMatchOnlyAddressEntriesAndNamesOnlyNameEntries() {
    X509Certificate certificate =
        TestPki.AUTHORITY
            .server(KeyType.ECDSA_P256, "example.com", "192.0.2.1", "2001:db8::1")
            .leaf();
    assertThat(HostNameCheck.matches(certificate, "example.com")).isTrue();
    assertThat(HostNameCheck.matches(certificate, "192.0.2.1")).isTrue();
    assertThat(HostNameCheck.matches(certificate, "192.0.2.2")).isFalse();
    assertThat(HostNameCheck.matches(certificate, "2001:db8:0:0::1")).isTrue();
    assertThat(HostNameCheck.matches(certificate, "[2001:db8::1]")).isTrue();
    assertThat(HostNameCheck.matches(certificate, "2001:db8::2")).isFalse();
    // No number tricks: these are no addresses to us, and no names of the certificate.
    assertThat(HostNameCheck.matches(certificate, "192.0.2.01")).isFalse();
    assertThat(HostNameCheck.matches(certificate, "3221225985")).isFalse();
  }

  @Test
  void theCommonNameDoesNotCount() {
    X509Certificate certificate =
        TestPki.AUTHORITY.client(KeyType.ECDSA_P256, "example.com").leaf();
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=example.com");
    assertThat(HostNameCheck.matches(certificate, "example.com")).isFalse();
    assertThat(HostNameCheck.names(certificate)).isEmpty();
  }
}
