package dev.sluice.bench.compare;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** One connection, and a stream of it for each exchange. */
final class NettyH2Origins implements NettyOrigins {
  private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
  private final Bootstrap dialler;
  private @Nullable Channel connection;
  private boolean dialling;

  NettyH2Origins(Bootstrap dialler, SslContext tls) {
    this.dialler =
        dialler.handler(
            NettyProxy.initializer(
                channel ->
                    channel
                        .pipeline()
                        .addLast(
                            tls.newHandler(channel.alloc(), "localhost", 443),
                            Http2FrameCodecBuilder.forClient()
                                .encoderEnforceMaxConcurrentStreams(true)
                                .build(),
                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                            new FirstSettings())));
  }

  /** Before the origin has said how many streams it takes, it would refuse some. */
  private final class FirstSettings extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      if (dialling && message instanceof Http2SettingsFrame) {
        connected(here.channel(), true);
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) {
      if (dialling) {
        connected(here.channel(), false);
      }
    }
  }

  @Override
  public void open(Waiter waiter) {
    Channel kept = connection;
    if (kept != null && kept.isActive()) {
      stream(kept, waiter);
      return;
    }
    waiting.add(waiter);
    if (!dialling) {
      dialling = true;
      dialler
          .connect()
          .addListener(
              (ChannelFuture done) -> {
                if (!done.isSuccess()) {
                  connected(done.channel(), false);
                }
              });
    }
  }

  private void connected(Channel made, boolean success) {
    dialling = false;
    connection = success ? made : null;
    for (Waiter next = waiting.poll(); next != null; next = waiting.poll()) {
      if (success) {
        stream(made, next);
      } else {
        next.onFailure();
      }
    }
  }

  private static void stream(Channel on, Waiter waiter) {
    NettyBack back = new NettyBack();
    new Http2StreamChannelBootstrap(on)
        .handler(
            NettyProxy.initializer(
                channel ->
                    channel.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(false), back)))
        .open()
        .addListener(
            (Future<Http2StreamChannel> done) -> {
              if (done.isSuccess()) {
                waiter.onChannel(done.getNow(), back);
              } else {
                waiter.onFailure();
              }
            });
  }

  @Override
  public void release(Channel channel, NettyBack back) {
    // A stream is of no further use; it closes by itself.
  }
}
