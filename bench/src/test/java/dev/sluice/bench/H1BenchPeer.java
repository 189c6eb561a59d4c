package dev.sluice.bench;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An h1 client, or with an answer an h1 origin. */
final class H1BenchPeer implements BenchPeer.Client {
  private final MessageCounter messages;
  private final byte[] own;
  private final boolean answers;
  private @Nullable BenchWire wire;
  private long whole;

  private H1BenchPeer(byte[] own, int contentBytes, boolean answers) {
    this.own = own;
    this.messages = new MessageCounter(contentBytes);
    this.answers = answers;
  }

  static H1BenchPeer client(byte[] request, int responseBytes) {
    return new H1BenchPeer(request, responseBytes, false);
  }

  static H1BenchPeer origin(byte[] response, int requestBytes) {
    return new H1BenchPeer(response, requestBytes, true);
  }

  @Override
  public void onReady(BenchWire ready) {
    wire = ready;
  }

  @Override
  public void onBytes(BenchWire from, byte[] bytes, int length) {
    int count = messages.count(bytes, 0, length);
    whole += count;
    for (int i = 0; answers && i < count; i++) {
      from.send(own);
    }
  }

  @Override
  public void request() {
    Objects.requireNonNull(wire).send(own);
  }

  @Override
  public boolean ready() {
    return wire != null;
  }

  @Override
  public long responses() {
    return whole;
  }
}
