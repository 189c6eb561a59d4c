/**
 * HPACK (RFC 7541): field sections as compressed blocks, sans-IO.
 *
 * <p>Place: the lowest package of the module; it knows bytes and {@link
 * dev.sluice.core.message.FieldName}, no frames and no streams. {@link
 * dev.sluice.mux.h2.hpack.HpackDecoder} takes a block in pieces of any size and reports fields to a
 * {@link dev.sluice.mux.h2.hpack.FieldHandler}; {@link dev.sluice.mux.h2.hpack.HpackEncoder} builds
 * a block in a buffer of its own.
 *
 * <p>Invariants: one decoder and one encoder serve one connection and every block of it, those of
 * refused streams included, or the tables of the two ends part. A decoder never throws because of
 * what it reads. Nothing is allocated once the tables and scratch buffers have grown to their
 * bounds. Confined to one thread.
 */
@NullMarked
package dev.sluice.mux.h2.hpack;

import org.jspecify.annotations.NullMarked;
