package com.example.line;

import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.MuxHost;
import dev.sluice.core.mux.SerialMux;
import dev.sluice.core.mux.SerialStream;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;

/** One connection: a line at a time, and its answer before the next. Confined to its loop. */
final class LineMux extends SerialMux {
  private final RequestHead requestHead;
  private final ResponseHead responseHead;

  LineMux(MuxHost host, StreamAcceptor acceptor) {
    super(host, acceptor);
    int bytesMax = host.limits().headBytesMax();
    this.requestHead = new RequestHead(bytesMax, host.limits().fieldCountMax());
    this.responseHead = new ResponseHead(bytesMax, host.limits().fieldCountMax());
  }

  @Override
  public String name() {
    return "line";
  }

  @Override
  protected SerialStream newStream(long number) {
    return new LineStream(this, number);
  }

  // guide: head
  /** The head that the first word of a line stands for, or null if it stands for none. */
  MessageHead head(byte[] bytes, int offset, int length) {
    if (host().side() == Side.BACK) {
      return responseHead(bytes, offset, length);
    }
    requestHead.clear();
    requestHead.setMethod(Method.POST);
    requestHead.setScheme(host().secure() ? "https" : "http");
    requestHead.setAuthority("line");
    boolean path = isPath(bytes, offset, length);
    return path && requestHead.setPath(bytes, offset, length) ? requestHead : null;
  }

  /** Whoever sets bytes has checked them: a CR in a path would be an injection elsewhere. */
  private static boolean isPath(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] <= ' ' || bytes[i] >= 0x7f) {
        return false;
      }
    }
    return length > 0 && bytes[offset] == '/';
  }

  // guide: head

  private MessageHead responseHead(byte[] bytes, int offset, int length) {
    int status = 0;
    for (int i = offset; length == 3 && i < offset + length; i++) {
      boolean digit = bytes[i] >= '0' && bytes[i] <= '9';
      status = digit ? 10 * status + bytes[i] - '0' : 1000;
    }
    if (status < 200 || status > 599) {
      return null;
    }
    responseHead.clear();
    responseHead.setStatus(status);
    return responseHead;
  }
}
