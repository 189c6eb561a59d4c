package dev.sluice.core.loop;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of the JDK that are known to misbehave, so that tests can make them: selectors that
 * return early with nothing ready, accepts that fail for want of descriptors. Stateless.
 */
public class NioSystem {
  /** The calls as they are. */
  public static final NioSystem DEFAULT = new NioSystem();

  /** Creates the calls as they are, to be overridden in part. */
  protected NioSystem() {}

  /** Opens a selector. */
  public Selector openSelector() throws IOException {
    return Selector.open();
  }

  /**
   * Selects.
   *
   * @param timeoutMillis how long to wait at most: 0 not at all, negative without end
   */
  public int select(Selector selector, Consumer<SelectionKey> action, long timeoutMillis)
      throws IOException {
    if (timeoutMillis == 0) {
      return selector.selectNow(action);
    }
    // The JDK's 0 means without end.
    return selector.select(action, Math.max(0, timeoutMillis));
  }

  /** Takes the cancelled keys off a selector, without looking at what is ready. */
  public void flushCancelled(Selector selector) throws IOException {
    selector.selectNow();
    selector.selectedKeys().clear();
  }

  /** Accepts a connection, or returns null if none waits. */
  public @Nullable SocketChannel accept(ServerSocketChannel channel) throws IOException {
    return channel.accept();
  }
}
