package dev.sluice.tls;

import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.tls.engine.TlsIdentity;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a certificate with its key: PEM files, and what opens an encrypted key. */
final class TlsIdentitySection {
  private static final ConfigKey<List<ConfigNode>> CERTIFICATE =
      ConfigKey.list("certificate", "files").required();
  private static final ConfigKey<ConfigNode> KEY =
      ConfigKey.file("key").otherwise("the first file of the certificate");
  private static final ConfigKey<String> PASSPHRASE = ConfigKey.text("passphrase");
  private static final ConfigKey<ConfigNode> PASSPHRASE_FILE = ConfigKey.file("passphraseFile");
  static final ConfigSchema SCHEMA =
      ConfigSchema.of(
          "frontends.<name>.listeners[].tls.certificates[]",
          CERTIFICATE,
          KEY,
          PASSPHRASE,
          PASSPHRASE_FILE);

  private TlsIdentitySection() {}

  /** The identity, or null once problems were added. */
  static @Nullable TlsIdentity read(ConfigNode node, ConfigProblems problems, Clock clock) {
    ConfigSection section = ConfigSection.open(node, SCHEMA, problems);
    List<ConfigNode> files = section.find(CERTIFICATE);
    if (files != null && files.isEmpty()) {
      section.problem(CERTIFICATE, "is empty: the file of the certificate is needed");
    }
    List<X509Certificate> chain = new ArrayList<>();
    boolean complete = files != null && !files.isEmpty();
    for (ConfigNode file : files == null ? List.<ConfigNode>of() : files) {
      List<X509Certificate> read = PemFiles.certificates(file, problems);
      complete &= !read.isEmpty();
      chain.addAll(read);
    }
    char[] passphrase = passphrase(section);
    boolean ownFile = section.has(KEY);
    ConfigNode keyNode = section.find(KEY);
    if (!ownFile && files != null && !files.isEmpty()) {
      keyNode = files.get(0);
    }
    PrivateKey key =
        keyNode == null || (!ownFile && !complete)
            ? null
            : key(keyNode, ownFile, passphrase, section);
    if (!complete || key == null) {
      return null;
    }
    warnOfTime(section.at(CERTIFICATE), chain, problems, clock.instant());
    try {
      return TlsIdentity.of(chain, key);
    } catch (IllegalArgumentException e) {
      ConfigNode at = ownFile ? section.at(KEY) : section.at(CERTIFICATE);
      problems.add(at, at.described() + ": " + e.getMessage());
      return null;
    }
  }

  private static @Nullable PrivateKey key(
      ConfigNode node, boolean ownFile, char @Nullable [] passphrase, ConfigSection section) {
    String text = PemFiles.text(node, section.problems());
    if (text == null) {
      return null;
    }
    try {
      return Pem.privateKey(text, passphrase);
    } catch (IllegalArgumentException e) {
      boolean encrypted = text.contains("BEGIN ENCRYPTED PRIVATE KEY");
      String more =
          encrypted && passphrase == null
              ? "; passphrase or passphraseFile is needed"
              : ownFile ? "" : "; a key in a file of its own is named by \"key\"";
      section.problems().add(node, node.described() + ": " + e.getMessage() + more);
      return null;
    }
  }

  private static char @Nullable [] passphrase(ConfigSection section) {
    String text = section.find(PASSPHRASE);
    ConfigNode file = section.find(PASSPHRASE_FILE);
    if (text != null && file != null) {
      section.problem(PASSPHRASE_FILE, "is given beside passphrase: one of them is valid");
    }
    if (file != null) {
      String content = PemFiles.text(file, section.problems());
      return content == null ? null : content.lines().findFirst().orElse("").toCharArray();
    }
    return text == null ? null : text.toCharArray();
  }

  private static void warnOfTime(
      ConfigNode at, List<X509Certificate> chain, ConfigProblems problems, Instant now) {
    for (X509Certificate certificate : chain) {
      String name = certificate.getSubjectX500Principal().getName();
      Instant from = certificate.getNotBefore().toInstant();
      Instant until = certificate.getNotAfter().toInstant();
      if (until.isBefore(now)) {
        problems.warn(at, "the certificate of " + name + " has expired, on " + until);
      } else if (from.isAfter(now)) {
        problems.warn(at, "the certificate of " + name + " is not valid before " + from);
      }
    }
  }
}
