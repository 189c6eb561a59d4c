package dev.sluice.bench.compare;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.net.InetAddress;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A small proxy on Netty, as one would write it: its codecs, one event loop, pooled buffers, the
 * JDK's TLS, connections to the origin kept. A program; runs until it is killed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A write that fails closes its channel.
public final class NettyProxy {
  private static final ApplicationProtocolConfig ALPN =
      new ApplicationProtocolConfig(
          Protocol.ALPN,
          SelectorFailureBehavior.NO_ADVERTISE,
          SelectedListenerFailureBehavior.ACCEPT,
          "h2");

  private NettyProxy() {}

  /** Arguments: the case, the port to listen on, the origin's port, the folder of certificates. */
  public static void main(String[] arguments) throws InterruptedException, SSLException {
    CompareCase what = CompareCase.valueOf(arguments[0]);
    int port = Integer.parseInt(arguments[1]);
    int originPort = Integer.parseInt(arguments[2]);
    Path folder = Path.of(arguments[3]);
    EventLoopGroup loop = new NioEventLoopGroup(1);
    SslContext front = what.frontH2 ? serverTls(folder) : null;
    Bootstrap dialler =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .remoteAddress(InetAddress.getLoopbackAddress(), originPort);
    NettyOrigins origins =
        what.backH2 ? new NettyH2Origins(dialler, clientTls(folder)) : new NettyH1Origins(dialler);
    new ServerBootstrap()
        .group(loop)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(
            initializer(
                channel -> {
                  if (front != null) {
                    serveH2(channel, front, origins);
                  } else {
                    channel.pipeline().addLast(new HttpServerCodec(), new NettyFront(origins));
                  }
                }))
        .bind(InetAddress.getLoopbackAddress(), port)
        .sync()
        .channel()
        .closeFuture()
        .sync();
  }

  private static void serveH2(Channel channel, SslContext tls, NettyOrigins origins) {
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addLast(tls.newHandler(channel.alloc()));
    pipeline.addLast(Http2FrameCodecBuilder.forServer().build());
    pipeline.addLast(
        new Http2MultiplexHandler(
            initializer(
                stream ->
                    stream
                        .pipeline()
                        .addLast(
                            new Http2StreamFrameToHttpObjectCodec(true),
                            new NettyFront(origins)))));
  }

  /** Something to be done with a new channel. */
  interface Setup {
    void on(Channel channel);
  }

  static ChannelHandler initializer(Setup setup) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        setup.on(channel);
      }
    };
  }

  private static SslContext serverTls(Path folder) throws SSLException {
    return tls(
        SslContextBuilder.forServer(
            folder.resolve("cert.pem").toFile(), folder.resolve("key.pem").toFile()),
        null);
  }

  private static SslContext clientTls(Path folder) throws SSLException {
    return tls(SslContextBuilder.forClient(), folder.resolve("cert.pem"));
  }

  private static SslContext tls(SslContextBuilder builder, @Nullable Path trusted)
      throws SSLException {
    if (trusted != null) {
      builder.trustManager(trusted.toFile());
    }
    return builder
        .sslProvider(SslProvider.JDK)
        .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
        .applicationProtocolConfig(ALPN)
        .build();
  }
}
