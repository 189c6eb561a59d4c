package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigPosition;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.transport.TransportRole;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The section tls of a configuration file, over keys that OpenSSL wrote. */
class TlsSectionsTest {
  private static final ConfigPosition POSITION = new ConfigPosition("x.yaml", 1, 1);

  private final ConfigProblems problems = new ConfigProblems();

  @ParameterizedTest
  @CsvSource({
    "rsa.crt, rsa-pkcs1.key, ",
    "rsa.crt, rsa-pkcs8.key, ",
    "rsa.crt, rsa-encrypted.key, right",
    "ec.crt, ec-sec1.key, ",
    "ec.crt, ec-pkcs8.key, ",
    "ec.crt, ec-encrypted.key, right",
    "ec-both.pem, , ",
    "ed25519.crt, ed25519.key, ",
    "rsa-chain.crt, rsa-pkcs8.key, "
  })
  void keysAreReadInEachForm(String certificate, String key, String passphrase) {
    assertThat(listener(identity(certificate, key, passphrase))).isNotNull();
    assertThat(problems.errors()).isEmpty();
    assertThat(problems.warnings()).isEmpty();
  }

  @Test
  void chainMayLieInSeveralFiles() {
    ConfigNode files = list("certificate", text("rsa.crt"), text("intermediate.crt"));

    assertThat(listener(map(files, "certificate", text("rsa-pkcs8.key"), "key"))).isNotNull();
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void passphraseMayLieInAFile() {
    ConfigNode identity =
        map(
            text("rsa.crt"), "certificate",
            text("rsa-encrypted.key"), "key",
            text("passphrase"), "passphraseFile");

    assertThat(listener(identity)).isNotNull();
    assertThat(problems.errors()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "missing.crt, rsa-pkcs8.key, , '\"missing.crt\" can''t be read: there is no file '",
    "rsa.crt, missing.key, , '\"missing.key\" can''t be read: there is no file '",
    "rsa.crt, rsa-encrypted.key, wrong, wrong password",
    "rsa.crt, rsa-encrypted.key, , passphrase or passphraseFile is needed",
    "rsa.crt, ec-sec1.key, , the private key does not belong to certificate",
    "rsa-pkcs8.key, rsa-pkcs8.key, , no BEGIN CERTIFICATE block (found: PRIVATE KEY)",
    "rsa.crt, , , a key in a file of its own is named by",
    "make.sh, rsa-pkcs8.key, , no BEGIN CERTIFICATE block",
    "., rsa-pkcs8.key, , '\".\" is a directory: a file is valid'"
  })
  void oneLineTellsWhatIsWrongWithAFile(
      String certificate, String key, String passphrase, String words) {
    assertThat(listener(identity(certificate, key, passphrase))).isNull();
    assertThat(problems.errors()).singleElement().asString().contains(words);
    assertThat(problems.errors().get(0)).startsWith("x.yaml:1:1: tls.");
  }

  @Test
  void expiredCertificateIsAWarning() {
    assertThat(listener(identity("expired.crt", "expired.key", null))).isNotNull();
    assertThat(problems.errors()).isEmpty();
    assertThat(problems.warnings()).singleElement().asString().contains("has expired, on ");
  }

  @Test
  void trustOfServersIsReadFromFiles() {
    TransportConfig config =
        new TlsTransportProvider()
            .configure(
                map(list("trust", text("root.crt")), "trust", list("alpn", text("h2")), "alpn"),
                TransportRole.CLIENT,
                problems);

    assertThat(problems.errors()).isEmpty();
    assertThat(config.applicationProtocols()).containsExactly("h2");
  }

  @Test
  void settingsThatContradictEachOtherAreAllTold() {
    new TlsTransportProvider()
        .configure(
            map(
                list("certificates"), "certificates",
                text("1.3"), "minVersion",
                text("1.2"), "maxVersion",
                text("required"), "clientCertificates",
                list("alpn", text("h2"), text("h2")), "alpn"),
            TransportRole.SERVER,
            problems);

    assertThat(problems.errors())
        .hasSize(4)
        .anyMatch(line -> line.contains("is empty: at least one certificate is needed"))
        .anyMatch(line -> line.contains("is above maxVersion"))
        .anyMatch(line -> line.contains("clientTrust is needed"))
        .anyMatch(line -> line.contains("[h2, h2] names one twice"));
  }

  private TransportConfig listener(ConfigNode identity) {
    ConfigNode section = map(list("certificates", identity), "certificates");
    return new TlsTransportProvider().configure(section, TransportRole.SERVER, problems);
  }

  private static ConfigNode identity(String certificate, String key, String passphrase) {
    List<Object> parts = new ArrayList<>(List.of(text(certificate), "certificate"));
    if (key != null) {
      parts.addAll(List.of(text(key), "key"));
    }
    if (passphrase != null) {
      parts.addAll(List.of(text(passphrase), "passphrase"));
    }
    return map(parts.toArray());
  }

  private static ConfigNode text(String text) {
    return ConfigNode.text("tls.x", POSITION, directory(), text);
  }

  private static ConfigNode list(String path, ConfigNode... items) {
    return ConfigNode.list("tls." + path, POSITION, directory(), List.of(items));
  }

  /** A map of values, each with its key behind it. */
  private static ConfigNode map(Object... parts) {
    List<ConfigNode.Entry> entries = new ArrayList<>();
    for (int i = 0; i < parts.length; i += 2) {
      entries.add(new ConfigNode.Entry((String) parts[i + 1], POSITION, (ConfigNode) parts[i]));
    }
    return ConfigNode.map("tls", POSITION, directory(), entries);
  }

  private static Path directory() {
    try {
      return Path.of(TlsSectionsTest.class.getResource("/keys/root.crt").toURI()).getParent();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
