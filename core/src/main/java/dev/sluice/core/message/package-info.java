/**
 * What an HTTP message is, whatever protocol carried it: heads, fields, and the rules that HTTP/1.1
 * and HTTP/2 share.
 *
 * <p>Place in the layers: below the muxes and the streams, above nothing but byte arrays. The
 * codecs fill a {@link dev.sluice.core.message.RequestHead} or a {@link
 * dev.sluice.core.message.ResponseHead}; the streams read and rewrite it; the codec of the other
 * side writes it out again.
 *
 * <p>Invariants of a head above a mux:
 *
 * <ul>
 *   <li>Field names are lower case; the pseudo-fields of HTTP/2 (method, scheme, authority, path,
 *       protocol, status) are members of the head, never fields, and so is {@code Host}.
 *   <li>There are no hop-by-hop fields ({@link dev.sluice.core.message.HopByHop}) except {@code te:
 *       trailers}; a wish for another protocol ({@code Upgrade}) is the member {@code protocol}.
 *   <li>There is at most one {@code content-length}, in digits only; {@code transfer-encoding} does
 *       not occur. A message with a body and without {@code content-length} has an unknown length.
 *   <li>Names and values hold no byte that could end a line.
 * </ul>
 *
 * <p>Nothing here is safe for use by two threads; a head belongs to the loop of its exchange. After
 * the first growth of its store no call that is made on the data path allocates.
 */
@NullMarked
package dev.sluice.core.message;

import org.jspecify.annotations.NullMarked;
