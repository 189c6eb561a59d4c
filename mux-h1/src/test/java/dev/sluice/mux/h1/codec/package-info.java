/** Tests of the codec: tables, vectors, and every split at each byte. */
package dev.sluice.mux.h1.codec;
