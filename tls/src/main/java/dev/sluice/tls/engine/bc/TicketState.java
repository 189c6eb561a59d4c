package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a server's ticket holds. Immutable; the array is not to be changed.
 *
 * <p>Tickets are sealed by the keys of one configuration, so nothing of that is in them: after a
 * change of certificates or of whom to trust there are new keys.
 */
final class TicketState {
  /** A client with a chain longer than this makes a full handshake each time. */
  private static final int BYTES_MAX = 8 * 1024;

  private static final int FORMAT = 1;

  final TlsCipherSuite suite;
  final byte[] secret;
  final @Nullable String serverName;
  final long authenticatedAtMillis;
  final List<X509Certificate> peerCertificates;

  TicketState(
      TlsCipherSuite suite,
      byte[] secret,
      @Nullable String serverName,
      long authenticatedAtMillis,
      List<X509Certificate> peerCertificates) {
    this.suite = suite;
    this.secret = secret;
    this.serverName = serverName;
    this.authenticatedAtMillis = authenticatedAtMillis;
    this.peerCertificates = peerCertificates;
  }

  TlsVersion version() {
    return suite.version();
  }

  /** The bytes to be sealed, null if they would be too many. */
  byte @Nullable [] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeShort(suite.code());
      out.writeLong(authenticatedAtMillis);
      out.writeByte(secret.length);
      out.write(secret);
      byte[] name =
          serverName == null ? new byte[0] : serverName.getBytes(StandardCharsets.US_ASCII);
      out.writeByte(name.length);
      out.write(name);
      out.writeByte(peerCertificates.size());
      for (X509Certificate certificate : peerCertificates) {
        byte[] encoded = certificate.getEncoded();
        out.writeInt(encoded.length);
        out.write(encoded);
      }
    } catch (CertificateEncodingException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.size() <= BYTES_MAX ? bytes.toByteArray() : null;
  }

  /** Reads what {@link #encode} wrote; null if it was another release that did. */
  static @Nullable TicketState decode(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readUnsignedByte() != FORMAT) {
        return null;
      }
      TlsCipherSuite suite = TlsCipherSuite.byCode(in.readUnsignedShort());
      long authenticatedAt = in.readLong();
      byte[] secret = in.readNBytes(in.readUnsignedByte());
      byte[] name = in.readNBytes(in.readUnsignedByte());
      List<X509Certificate> chain = new ArrayList<>();
      int count = in.readUnsignedByte();
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (int i = 0; i < count; i++) {
        byte[] encoded = in.readNBytes(in.readInt());
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(encoded)));
      }
      String serverName = name.length == 0 ? null : new String(name, StandardCharsets.US_ASCII);
      return suite == null
          ? null
          : new TicketState(suite, secret, serverName, authenticatedAt, chain);
    } catch (IOException | CertificateException | IllegalArgumentException e) {
      // Authentic, so of another release's making: the handshake is a full one.
      return null;
    }
  }
}
