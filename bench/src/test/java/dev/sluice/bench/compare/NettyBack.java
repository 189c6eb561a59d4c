package dev.sluice.bench.compare;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** The origin's end: passes what comes to the front of the present exchange. */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes its channel.
final class NettyBack extends ChannelInboundHandlerAdapter {
  private @Nullable NettyFront front;

  void serve(@Nullable NettyFront next) {
    front = next;
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    NettyFront to = front;
    if (to == null) {
      ReferenceCountUtil.release(message);
    } else {
      to.respond(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext here) {
    NettyFront to = front;
    if (to != null) {
      to.flush();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    NettyFront to = front;
    if (to != null) {
      to.close();
    }
  }
}
