package dev.sluice.tls;

import dev.sluice.tls.engine.TicketSealer;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals tickets with AES-256-GCM under keys that live in memory only, change with time, and are
 * forgotten once no ticket of theirs can be good any more: whoever steals a key reads what was
 * resumed in its time, and nothing that was before. Thread-safe.
 */
final class TicketKeys implements TicketSealer {
  private static final int KEY_BYTES = 32;
  private static final int NUMBER_BYTES = 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int HEADER_BYTES = NUMBER_BYTES + NONCE_BYTES;

  /** How many keys are new within the lifetime of a ticket. */
  private static final int KEYS_PER_LIFETIME = 2;

  private record Key(int number, SecretKeySpec secret, long madeAtMillis) {}

  private final int ticketsPerHandshake;
  private final long lifetimeMillis;
  private final SecureRandom random;
  private final Clock clock;
  private volatile List<Key> keys = List.of();

  TicketKeys(int ticketsPerHandshake, Duration lifetime, SecureRandom random, Clock clock) {
    this.ticketsPerHandshake = ticketsPerHandshake;
    this.lifetimeMillis = lifetime.toMillis();
    this.random = random;
    this.clock = clock;
  }

  @Override
  public int ticketsPerHandshake() {
    return ticketsPerHandshake;
  }

  @Override
  public long lifetimeMillis() {
    return lifetimeMillis;
  }

  @Override
  public long nowMillis() {
    return clock.millis();
  }

  @Override
  public byte[] seal(byte[] state) {
    Key key = current();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] number = ByteBuffer.allocate(NUMBER_BYTES).putInt(key.number()).array();
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, number).doFinal(state);
      return ByteBuffer.allocate(HEADER_BYTES + sealed.length)
          .put(number)
          .put(nonce)
          .put(sealed)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is missing in this JDK", e);
    }
  }

  @Override
  public byte @Nullable [] open(byte[] ticket) {
    if (ticket.length < HEADER_BYTES + TAG_BITS / 8) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(ticket);
    byte[] number = new byte[NUMBER_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    byte[] sealed = new byte[ticket.length - HEADER_BYTES];
    in.get(number).get(nonce).get(sealed);
    Key key = find(ByteBuffer.wrap(number).getInt());
    if (key == null) {
      return null;
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, key, nonce, number).doFinal(sealed);
    } catch (GeneralSecurityException e) {
      // Not of this key's making, or changed: no ticket.
      return null;
    }
  }

  private static Cipher cipher(int mode, Key key, byte[] nonce, byte[] number)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(number);
    return cipher;
  }

  private @Nullable Key find(int number) {
    long now = clock.millis();
    for (Key key : keys) {
      if (key.number() == number) {
        return isOver(key, now) ? null : key;
      }
    }
    return null;
  }

  private Key current() {
    long now = clock.millis();
    List<Key> known = keys;
    return known.isEmpty() || isWorn(known.get(0), now) ? change(now) : known.get(0);
  }

  private synchronized Key change(long now) {
    List<Key> known = keys;
    if (!known.isEmpty() && !isWorn(known.get(0), now)) {
      // Another thread was first.
      return known.get(0);
    }
    byte[] secret = new byte[KEY_BYTES];
    random.nextBytes(secret);
    int number = known.isEmpty() ? random.nextInt() : known.get(0).number() + 1;
    Key made = new Key(number, new SecretKeySpec(secret, "AES"), now);
    List<Key> next = new ArrayList<>(KEYS_PER_LIFETIME + 2);
    next.add(made);
    for (Key key : known) {
      if (!isOver(key, now)) {
        next.add(key);
      }
    }
    keys = List.copyOf(next);
    return made;
  }

  /** Seals no more. */
  private boolean isWorn(Key key, long now) {
    return now - key.madeAtMillis() >= lifetimeMillis / KEYS_PER_LIFETIME;
  }

  /** The last ticket that it sealed has ended. */
  private boolean isOver(Key key, long now) {
    return now - key.madeAtMillis() >= lifetimeMillis + lifetimeMillis / KEYS_PER_LIFETIME;
  }

  /** How many keys are held. */
  int count() {
    return keys.size();
  }
}
