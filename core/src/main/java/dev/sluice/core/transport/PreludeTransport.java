package dev.sluice.core.transport;

import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.loop.Interest;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What goes over a connection ahead of its transport: the PROXY header, sent to a server or read
 * from a client. The connection starts its transport when the prelude is complete, and lets go of
 * the prelude, so that nothing of it is in the way of the bytes that follow. Until then the prelude
 * owns the interest of the socket. Confined to the connection's loop; reads not one byte more than
 * the header.
 */
public final class PreludeTransport {
  private final TransportHost host;
  private final @Nullable ProxyHeaderDecoder decoder;
  private final BufferQueue output;
  private @Nullable ProxyHeader header;
  private HandshakeStatus status = HandshakeStatus.NOT_STARTED;
  private @Nullable Failure failure;

  private PreludeTransport(
      TransportHost host, @Nullable ProxyHeaderDecoder decoder, @Nullable ProxyHeader header) {
    this.host = host;
    this.decoder = decoder;
    this.header = header;
    this.output =
        new BufferQueue(host.directBuffers(), host.outputBytesMax(), ProxyHeaderDecoder.BYTES_MAX);
  }

  /** Reads a header from the peer. */
  public static PreludeTransport reading(TransportHost host) {
    return new PreludeTransport(host, new ProxyHeaderDecoder(), null);
  }

  /** Sends a header to the peer. */
  public static PreludeTransport sending(TransportHost host, ProxyHeader header) {
    return new PreludeTransport(host, null, header);
  }

  /** The TCP connection stands. */
  public void start() {
    status = HandshakeStatus.IN_PROGRESS;
    if (decoder != null) {
      host.interest(Interest.READ);
      return;
    }
    ProxyHeader sent = header;
    assert sent != null : "a header to send";
    if (output.putReserved(ByteBuffer.wrap(ProxyHeaderEncoder.encode(sent)))) {
      send();
    } else {
      fail(new Failure(CloseCause.RESOURCE_LIMIT, "no buffer for the PROXY header"));
    }
  }

  /** The socket is ready. */
  public void onReady(int readyOps) {
    if (status != HandshakeStatus.IN_PROGRESS) {
      return;
    }
    if (decoder != null) {
      read(decoder);
    } else {
      send();
    }
  }

  private void send() {
    if (host.send(output)) {
      status = HandshakeStatus.COMPLETE;
    } else if (host.socketFailure() != null) {
      fail(host.socketFailure());
    } else {
      host.interest(Interest.WRITE);
    }
  }

  private void read(ProxyHeaderDecoder reader) {
    while (reader.needed() > 0) {
      int count = host.receive(reader.space());
      if (count == 0) {
        return;
      }
      if (count == Transport.FAILED) {
        fail(host.socketFailure());
        return;
      }
      if (count == Transport.END) {
        fail(
            reader.begun()
                ? new Failure(CloseCause.BAD_PROXY_HEADER, "closed before its end")
                : new Failure(CloseCause.CLIENT_ABORT, "closed before the first byte"));
        return;
      }
      reader.put(count);
    }
    String problem = reader.problem();
    if (problem != null) {
      fail(new Failure(CloseCause.BAD_PROXY_HEADER, problem));
    } else {
      header = reader.header();
      status = HandshakeStatus.COMPLETE;
    }
  }

  private void fail(@Nullable Failure why) {
    status = HandshakeStatus.FAILED;
    failure = why;
  }

  /** How far it is: complete when the header is read, or with the socket. */
  public HandshakeStatus handshakeStatus() {
    return status;
  }

  /** The header that was read or sent; null before it was read. */
  public @Nullable ProxyHeader header() {
    return header;
  }

  /** Why it failed, or null. */
  public @Nullable Failure failure() {
    return failure;
  }

  /** Gives back what it holds. Idempotent. */
  public void release() {
    output.clear();
  }
}
