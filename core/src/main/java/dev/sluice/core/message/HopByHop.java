package dev.sluice.core.message;

import org.jspecify.annotations.Nullable;

/**
 * Removal of the fields that belong to one hop (RFC 9110 7.6.1), the same for both protocols and
 * both directions. A mux does it before a head leaves it upwards, so nobody above sees them; what
 * they say about the hop (persistence, upgrade, coding) the mux has read before.
 */
public final class HopByHop {
  /** Options that one {@code Connection} section may name; more is taken for an attack. */
  public static final int CONNECTION_OPTIONS_MAX = 64;

  private static final byte[] TRAILERS = FieldText.latin("trailers");

  private HopByHop() {}

  /**
   * Removes all hop-by-hop fields and those that {@code Connection} nominates. {@code te} stays as
   * {@code trailers} if it has that member. {@code host}, the framing fields and the fields that
   * the proxy itself adds can't be nominated away: else a client could take from the proxy what the
   * server relies on.
   *
   * @return false if {@code Connection} names more than {@link #CONNECTION_OPTIONS_MAX} options;
   *     the message is to be refused, and the fields are left half-way
   */
  public static boolean strip(Fields fields) {
    boolean trailers = fields.hasToken(FieldName.TE, TRAILERS);
    if (!removeNominated(fields)) {
      return false;
    }
    for (int i = fields.size() - 1; i >= 0; i--) {
      FieldName name = fields.name(i);
      if (name != null && (name.hopByHop() || name == FieldName.TE)) {
        fields.removeAt(i);
      }
    }
    // Fewer bytes than the removed line had, so no bound can be passed.
    return !trailers || fields.add(FieldName.TE, TRAILERS, 0, TRAILERS.length);
  }

  /**
   * Removes from a trailer section what has no effect there or would have a wrong one: framing,
   * routing, request modifiers, authentication and the like (RFC 9110 6.5.1).
   */
  public static void stripTrailers(Fields trailers) {
    for (int i = trailers.size() - 1; i >= 0; i--) {
      FieldName name = trailers.name(i);
      if (name != null && !name.trailerAllowed()) {
        trailers.removeAt(i);
      }
    }
  }

  private static boolean removeNominated(Fields fields) {
    int options = 0;
    int line = fields.find(FieldName.CONNECTION);
    while (line >= 0) {
      byte[] src = fields.bytes();
      int end = fields.valueOffset(line) + fields.valueLength(line);
      int from = fields.valueOffset(line);
      while ((from = FieldSyntax.memberStart(src, from, end)) < end) {
        int stop = FieldSyntax.memberStop(src, from, end);
        if (++options > CONNECTION_OPTIONS_MAX) {
          return false;
        }
        removeOption(fields, src, from, FieldSyntax.trimEnd(src, from, stop) - from);
        from = stop;
      }
      // The line read last goes too, and with it the need to follow indices that have shifted.
      fields.removeAt(fields.find(FieldName.CONNECTION));
      line = fields.find(FieldName.CONNECTION);
    }
    return true;
  }

  private static void removeOption(Fields fields, byte[] src, int offset, int length) {
    @Nullable FieldName known = FieldName.lookup(src, offset, length);
    if (known == FieldName.CONNECTION || (known != null && known.keptAgainstConnection())) {
      return;
    }
    int i = fields.next(src, offset, length, 0);
    while (i >= 0) {
      fields.removeAt(i);
      i = fields.next(src, offset, length, i);
    }
  }
}
