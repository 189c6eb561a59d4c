package dev.sluice.bench.compare;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.HttpClientCodec;
import java.util.ArrayDeque;

/** Kept connections, one exchange at a time on each. */
final class NettyH1Origins implements NettyOrigins {
  private final ArrayDeque<Channel> idle = new ArrayDeque<>();
  private final Bootstrap dialler;

  NettyH1Origins(Bootstrap dialler) {
    this.dialler =
        dialler.handler(
            NettyProxy.initializer(
                channel -> channel.pipeline().addLast(new HttpClientCodec(), new NettyBack())));
  }

  @Override
  public void open(Waiter waiter) {
    while (!idle.isEmpty()) {
      Channel kept = idle.pop();
      if (kept.isActive()) {
        waiter.onChannel(kept, kept.pipeline().get(NettyBack.class));
        return;
      }
    }
    dialler
        .connect()
        .addListener(
            (ChannelFuture done) -> {
              if (done.isSuccess()) {
                waiter.onChannel(done.channel(), done.channel().pipeline().get(NettyBack.class));
              } else {
                waiter.onFailure();
              }
            });
  }

  @Override
  public void release(Channel channel, NettyBack back) {
    idle.push(channel);
  }
}
