package dev.sluice.tls;

import dev.sluice.tls.engine.IpLiteral;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Whether a certificate is for a name (RFC 9525): only the subject alternative names count, never
 * the common name; DNS names match dNSName entries and addresses match iPAddress entries, neither
 * the other. Without state.
 */
final class HostNameCheck {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  private HostNameCheck() {}

  /**
   * Checks a certificate against a reference identity.
   *
   * @param expected a DNS name in ASCII (A-labels) or an address literal
   */
  static boolean matches(X509Certificate certificate, String expected) {
    byte[] address = IpLiteral.parse(expected);
    for (List<?> name : alternativeNames(certificate)) {
      Object type = name.get(0);
      if (address != null && type.equals(IP_ADDRESS)) {
        byte[] presented = IpLiteral.parse((String) name.get(1));
        if (presented != null && Arrays.equals(presented, address)) {
          return true;
        }
      } else if (address == null
          && type.equals(DNS_NAME)
          && matchesDns((String) name.get(1), expected)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether a presented DNS name covers a reference name. RFC 9525 6.3: a wildcard is the complete
   * left-most label, stands for exactly one label, and here needs at least two labels after it,
   * since {@code *.com} can't be anyone's.
   */
  static boolean matchesDns(String presented, String expected) {
    String pattern = presented.toLowerCase(Locale.ROOT);
    String name = expected.toLowerCase(Locale.ROOT);
    if (pattern.isEmpty() || name.isEmpty()) {
      return false;
    }
    if (!pattern.startsWith("*.")) {
      return pattern.indexOf('*') < 0 && pattern.equals(name);
    }
    String suffix = pattern.substring(1);
    boolean enoughLabels =
        suffix.indexOf('.', 1) > 0 && suffix.indexOf('*') < 0 && !suffix.endsWith(".");
    int firstDot = name.indexOf('.');
    return enoughLabels && firstDot > 0 && name.substring(firstDot).equals(suffix);
  }

  /** The names that a certificate is for, as a message shows them. */
  static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    for (List<?> name : alternativeNames(certificate)) {
      if (name.get(0).equals(DNS_NAME) || name.get(0).equals(IP_ADDRESS)) {
        names.add((String) name.get(1));
      }
    }
    return names;
  }

  private static Collection<List<?>> alternativeNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      // Names that can't be read are names that don't match.
      return List.of();
    }
  }
}
