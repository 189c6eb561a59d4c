package dev.sluice.bench.compare;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** The client's end of an exchange, or of one after the other on a connection of h1. */
@SuppressWarnings("FutureReturnValueIgnored") // A failed write closes the channel, which is told.
final class NettyFront extends ChannelInboundHandlerAdapter implements NettyOrigins.Waiter {
  private final NettyOrigins origins;
  private final ArrayDeque<Object> held = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext client;
  private @Nullable Channel origin;
  private @Nullable NettyBack back;
  private boolean opening;

  NettyFront(NettyOrigins origins) {
    this.origins = origins;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext here) {
    client = here;
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    Channel to = origin;
    if (to != null) {
      to.write(message);
      return;
    }
    held.add(message);
    if (!opening) {
      opening = true;
      origins.open(this);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext here) {
    Channel to = origin;
    if (to != null) {
      to.flush();
    }
  }

  @Override
  public void onChannel(Channel channel, NettyBack to) {
    opening = false;
    origin = channel;
    back = to;
    to.serve(this);
    for (Object next = held.poll(); next != null; next = held.poll()) {
      channel.write(next);
    }
    channel.flush();
  }

  @Override
  public void onFailure() {
    opening = false;
    close();
  }

  void respond(Object message) {
    ChannelHandlerContext to = client;
    if (to == null) {
      ReferenceCountUtil.release(message);
      return;
    }
    boolean last = message instanceof LastHttpContent;
    to.write(message);
    if (last) {
      to.flush();
      Channel done = origin;
      NettyBack from = back;
      origin = null;
      back = null;
      if (done != null && from != null) {
        from.serve(null);
        origins.release(done, from);
      }
    }
  }

  void flush() {
    ChannelHandlerContext to = client;
    if (to != null) {
      to.flush();
    }
  }

  void close() {
    ChannelHandlerContext to = client;
    if (to != null) {
      to.close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    client = null;
    for (Object next = held.poll(); next != null; next = held.poll()) {
      ReferenceCountUtil.release(next);
    }
    Channel cut = origin;
    if (cut != null) {
      cut.close();
    }
  }
}
