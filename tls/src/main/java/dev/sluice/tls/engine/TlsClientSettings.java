package dev.sluice.tls.engine;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * What client engines of one configuration have in common.
 *
 * @param protocol versions, suites, groups and limits
 * @param verifier decides on the server's certificates
 * @param identity the client's own certificate, shown only if the server asks for one; null for
 *     none
 * @param sessions where sessions are kept that may be resumed, null to resume none; belongs to
 *     these settings alone, since what it holds was accepted under them
 * @param random the source of all randomness; thread-safe
 */
public record TlsClientSettings(
    TlsProtocolSettings protocol,
    PeerVerifier verifier,
    @Nullable TlsIdentity identity,
    @Nullable ClientSessionStore sessions,
    SecureRandom random) {}
