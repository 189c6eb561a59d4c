/**
 * One connection: a transport, an optional mux slot, and the back-reference to the stream that
 * waits for it. Above the mux SPI; knows no pool, no waiter and no pool key.
 *
 * <p>Invariant, asserted at each transition:
 *
 * <table>
 * <caption>Fields by state</caption>
 * <tr><th>state</th><th>mux</th><th>owner</th></tr>
 * <tr><td>CONNECTING, HANDSHAKING</td><td>null</td><td>may be set; its pending is this connection</td></tr>
 * <tr><td>ACTIVE, IDLE, DRAINING</td><td>set</td><td>null</td></tr>
 * <tr><td>CLOSED</td><td>null</td><td>null</td></tr>
 * </table>
 *
 * <p>{@code MuxInstaller} is the only class that writes the slot.
 */
@NullMarked
package dev.sluice.core.connection;

import org.jspecify.annotations.NullMarked;
