package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.PeerRejection;
import dev.sluice.tls.engine.PeerVerifier;
import dev.sluice.tls.engine.TlsFailureCause;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/** From a Certificate message to a verdict. */
final class PeerCertificates {
  private PeerCertificates() {}

  /**
   * Parses the peer's chain and has it verified.
   *
   * @return the chain, leaf first
   * @throws TlsFatalAlert to refuse it; the reason stands in the events
   */
  static List<X509Certificate> verified(
      Certificate message,
      PeerVerifier verifier,
      @Nullable String expectedName,
      EngineEvents events)
      throws IOException {
    List<X509Certificate> chain = new ArrayList<>(message.getLength());
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (int i = 0; i < message.getLength(); i++) {
        byte[] encoded = message.getCertificateAt(i).getEncoded();
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded)));
      }
    } catch (CertificateException e) {
      events.reason(
          TlsFailureCause.CERTIFICATE_INVALID,
          "the peer's certificate can't be parsed: " + e.getMessage());
      throw new TlsFatalAlert(AlertDescription.bad_certificate, e);
    }
    PeerRejection rejection = verifier.check(chain, expectedName);
    if (rejection != null) {
      events.reason(rejection);
      throw new TlsFatalAlert((short) rejection.alert(), rejection.message());
    }
    return chain;
  }
}
