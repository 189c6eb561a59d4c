package dev.sluice.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The certificates that are trusted: authorities, or single leaves. Immutable. */
public final class TlsTrust {
  private final List<X509Certificate> certificates;

  private TlsTrust(Collection<X509Certificate> certificates) {
    this.certificates = List.copyOf(certificates);
  }

  /**
   * What the JDK trusts by default ({@code javax.net.ssl.trustStore}, else {@code cacerts}). Reads
   * a file: not for a loop.
   *
   * @throws IllegalStateException if the store can't be read or is empty
   */
  public static TlsTrust system() {
    try {
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init((@Nullable KeyStore) null);
      List<X509Certificate> found = new ArrayList<>();
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          found.addAll(Arrays.asList(x509.getAcceptedIssuers()));
        }
      }
      if (found.isEmpty()) {
        throw new IllegalStateException("the system's trust store is empty");
      }
      return new TlsTrust(found);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the system's trust store can't be read", e);
    }
  }

  /** Exactly these. */
  public static TlsTrust of(Collection<X509Certificate> certificates) {
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("no certificate to trust; give at least one");
    }
    return new TlsTrust(certificates);
  }

  /** Exactly these. */
  public static TlsTrust of(X509Certificate... certificates) {
    return of(Arrays.asList(certificates));
  }

  /** The certificates of a PEM text. */
  public static TlsTrust pem(String pem) {
    return of(Pem.certificates(pem));
  }

  /**
   * The certificates of a PEM file.
   *
   * @throws IllegalArgumentException if the file can't be read or holds none; the message names the
   *     file
   */
  public static TlsTrust pemFile(Path file) {
    try {
      return pem(Files.readString(file, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "trusted certificates can't be read from " + file + ": " + e, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "trusted certificates in " + file + ": " + e.getMessage(), e);
    }
  }

  /** The trusted certificates. */
  public List<X509Certificate> certificates() {
    return certificates;
  }
}
