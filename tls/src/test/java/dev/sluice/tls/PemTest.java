package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Keys and certificates in all the forms that tools write, and messages that help with the rest.
 */
class PemTest {
  @TempDir private Path directory;

  private static String block(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der), label);
  }

  @ParameterizedTest
  @EnumSource
  void keysAndCertificatesSurviveARoundTrip(KeyType kind) {
    TlsIdentity identity = TestPki.server(kind);
    String pem =
        "a comment\n"
            + Pem.encode(identity.leaf())
            + "another\n"
            + Pem.encode(identity.privateKey());
    TlsIdentity read = TlsIdentities.pem(pem.replace("\n", "\r\n"), pem, null);
    assertThat(read.leaf()).isEqualTo(identity.leaf());
    assertThat(read.privateKey().getEncoded()).isEqualTo(identity.privateKey().getEncoded());
    assertThat(read.keyKind()).isEqualTo(identity.keyKind());
  }

  @Test
  void pkcs1AndSec1AreRead() throws IOException {
    TlsIdentity rsa = TestPki.server(KeyType.RSA_2048);
    byte[] pkcs1 =
        PrivateKeyInfo.getInstance(rsa.privateKey().getEncoded())
            .parsePrivateKey()
            .toASN1Primitive()
            .getEncoded();
    assertThat(Pem.privateKey(block("RSA PRIVATE KEY", pkcs1), null)).isEqualTo(rsa.privateKey());
    for (KeyType kind : new KeyType[] {KeyType.ECDSA_P256, KeyType.ECDSA_P384}) {
      TlsIdentity ec = TestPki.server(kind);
      PrivateKeyInfo info = PrivateKeyInfo.getInstance(ec.privateKey().getEncoded());
      int bits = kind == KeyType.ECDSA_P256 ? 256 : 384;
      byte[] sec1 =
          new ECPrivateKey(
                  bits,
                  ECPrivateKey.getInstance(info.parsePrivateKey()).getKey(),
                  info.getPrivateKeyAlgorithm().getParameters())
              .getEncoded();
      PrivateKey read = Pem.privateKey(block("EC PRIVATE KEY", sec1), null);
      assertThat(TlsIdentity.of(ec.chain(), read).keyKind()).isEqualTo(ec.keyKind());
    }
  }

  @Test
  void encryptedKeysOfOpensslNeedTheirPassword() {
    // openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256; the same key beside it in SEC 1
    // form.
    String encrypted =
        """
          -----BEGIN ENCRYPTED PRIVATE KEY-----
          MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiCGEXSELy0uwICCAAw
          DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEECBoATSDb7mmEqE0vjp3BrQEgZBx
          6aqyYoB30Tmu4GfgVmBSCjU5OoNNleoV4rPZQKtm8MnOYV8xhN634cu7lV1pRAW8
          AM7XSL378oLgvm48uKHxpiHLVoTTpqsk59n633G2YDOWnBQhMvdiRD0WZ3s9q+CX
          EwKvF7LJsOMOq6LY7Uohi5CZmu2JFYqVlrY0jFfPFgsJ9+WVcuoiFuS7bDB5U/Y=
          -----END ENCRYPTED PRIVATE KEY-----
          """;
    String clear =
        """
          -----BEGIN EC PRIVATE KEY-----
          MHcCAQEEIHciYjg/a7+b10lbrBZLhzSvvCjyIYv5T4nwHG6xY/tJoAoGCCqGSM49
          AwEHoUQDQgAEcR3RUwuEKWdQdMosyFtlrbylO1QC1Q813xkI0s1ZqveyKEqbjISL
          5pJG0yokY7ns0VmvjT5iAdRbu20uClTcNQ==
          -----END EC PRIVATE KEY-----
          """;
    java.security.interfaces.ECPrivateKey opened =
        (java.security.interfaces.ECPrivateKey) Pem.privateKey(encrypted, "right".toCharArray());
    java.security.interfaces.ECPrivateKey same =
        (java.security.interfaces.ECPrivateKey) Pem.privateKey(clear, null);
    assertThat(opened.getS()).isEqualTo(same.getS());
    assertThatThrownBy(() -> Pem.privateKey(encrypted, "wrong".toCharArray()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("wrong password");
    assertThatThrownBy(() -> Pem.privateKey(encrypted, null))
        .hasMessageContaining("no password is given");
  }

  @Test
  void whatIsWrongIsSaid() {
    String certificate = Pem.encode(TestPki.AUTHORITY.certificate());
    String key = Pem.encode(TestPki.server(KeyType.ECDSA_P256).privateKey());
    assertThatThrownBy(() -> Pem.certificates(key)).hasMessageContaining("found: PRIVATE KEY");
    assertThatThrownBy(() -> Pem.certificates("nothing"))
        .hasMessageContaining("no PEM block at all");
    assertThatThrownBy(() -> Pem.privateKey(certificate, null))
        .hasMessageContaining("0 private keys");
    assertThatThrownBy(() -> Pem.privateKey(key + key, null))
        .hasMessageContaining("2 private keys");
    assertThatThrownBy(() -> Pem.certificates(block("CERTIFICATE", new byte[] {1, 2, 3})))
        .hasMessageContaining("certificate 1 can't be parsed");
    assertThatThrownBy(() -> Pem.privateKey(block("PRIVATE KEY", new byte[] {1, 2, 3}), null))
        .hasMessageContaining("no PKCS#8 private key");
    String old =
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    assertThatThrownBy(() -> Pem.privateKey(old, null))
        .hasMessageContaining("openssl pkcs8 -topk8");
  }

  @Test
  void filesAreNamedInMessages() throws IOException {
    TlsIdentity identity = TestPki.server(KeyType.ECDSA_P256);
    Path chain = Files.writeString(directory.resolve("chain.pem"), Pem.encode(identity.leaf()));
    Path key = Files.writeString(directory.resolve("key.pem"), Pem.encode(identity.privateKey()));
    assertThat(TlsIdentities.pemFiles(chain, key, null).leaf()).isEqualTo(identity.leaf());
    assertThatThrownBy(() -> TlsIdentities.pemFiles(key, key, null))
        .hasMessageContaining("key.pem");
    assertThatThrownBy(() -> TlsIdentities.pemFiles(directory.resolve("none.pem"), key, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none.pem");
    Path other =
        Files.writeString(
            directory.resolve("other.pem"),
            Pem.encode(TestPki.server(KeyType.RSA_2048).privateKey()));
    assertThatThrownBy(() -> TlsIdentities.pemFiles(chain, other, null))
        .hasMessageContaining("other.pem")
        .hasMessageContaining("does not belong to certificate");
    assertThat(TlsTrust.pemFile(chain).certificates()).containsExactly(identity.leaf());
    assertThatThrownBy(() -> TlsTrust.pemFile(key)).hasMessageContaining("key.pem");
  }

  @Test
  void keyStoresAreRead() throws GeneralSecurityException, IOException {
    TlsIdentity identity = TestPki.server(KeyType.ECDSA_P256);
    char[] password = "pw".toCharArray();
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    assertThatThrownBy(() -> TlsIdentities.keyStore(store, null, password))
        .hasMessageContaining("alias");
    store.setKeyEntry(
        "one", identity.privateKey(), password, identity.chain().toArray(new X509Certificate[0]));
    assertThat(TlsIdentities.keyStore(store, null, password).leaf()).isEqualTo(identity.leaf());
    assertThat(TlsIdentities.keyStore(store, "one", password).leaf()).isEqualTo(identity.leaf());
    assertThatThrownBy(() -> TlsIdentities.keyStore(store, "two", password))
        .hasMessageContaining("two");
  }
}
