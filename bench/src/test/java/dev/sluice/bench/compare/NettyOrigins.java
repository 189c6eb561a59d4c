package dev.sluice.bench.compare;

import io.netty.channel.Channel;

/** Connections or streams to the origin. Confined to the one event loop. */
interface NettyOrigins {
  /** Told of a channel for one exchange, at once or later. */
  interface Waiter {
    /** A channel that takes one request and passes what comes to its {@link NettyBack}. */
    void onChannel(Channel channel, NettyBack back);

    /** There is none. */
    void onFailure();
  }

  void open(Waiter waiter);

  /** The exchange is over, and the channel may take another. */
  void release(Channel channel, NettyBack back);
}
