/** Tests of the mux against a host that is only bytes, time and a list of what was asked. */
package dev.sluice.mux.h1;
