package dev.sluice.examples;

import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.stream.ExchangeFilter;
import dev.sluice.core.stream.FilterCall;
import java.nio.ByteBuffer;

// guide: content
/** Answers in capitals. */
final class UpperCaseFilter implements ExchangeFilter {
  private final ByteBuffer piece = ByteBuffer.allocate(1024);

  @Override
  public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
    call.rewriteContent();
  }

  @Override
  public void onResponseData(ByteBuffer data, FilterCall call) {
    while (data.hasRemaining() && call.room() > 0) {
      piece.clear().limit(Math.min(piece.capacity(), call.room()));
      while (data.hasRemaining() && piece.hasRemaining()) {
        piece.put((byte) Character.toUpperCase(data.get()));
      }
      call.write(piece.flip());
    }
  }
}
// guide: content
