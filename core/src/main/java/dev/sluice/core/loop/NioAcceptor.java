package dev.sluice.core.loop;

import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A {@link TcpAcceptor} over a {@link ServerSocketChannel}. Confined to its loop. */
final class NioAcceptor extends NioEntry implements TcpAcceptor {
  /** After so many failures in a row accepting pauses, whatever their reason. */
  private static final int FAILURES_MAX = 16;

  private final NioPoller poller;
  private final ServerSocketChannel channel;
  private final ListenOptions options;
  private final AcceptHandler handler;
  private final SocketAddress local;
  private final Timer resumeTimer = new ResumeTimer();
  private boolean paused;
  private int failuresInRow;

  NioAcceptor(
      NioPoller poller, ServerSocketChannel channel, ListenOptions options, AcceptHandler handler)
      throws IOException {
    this.poller = poller;
    this.channel = channel;
    this.options = options;
    this.handler = handler;
    this.local = channel.getLocalAddress();
  }

  @Override
  public SocketAddress localAddress() {
    return local;
  }

  @Override
  public void pause() {
    paused = true;
    updateInterest();
  }

  @Override
  public void resume() {
    paused = false;
    updateInterest();
  }

  @Override
  public boolean paused() {
    return paused;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    poller.host().timers().cancel(resumeTimer);
    SelectionKey present = key;
    if (present != null) {
      present.cancel();
    }
    poller.onClosed(this);
    poller.closeQuietly(channel);
  }

  @Override
  SelectableChannel channel() {
    return channel;
  }

  @Override
  public void acceptWaiting() {
    accept(options.backlog());
  }

  @Override
  void onReady(int readyOps) {
    accept(options.acceptsPerTurnMax());
  }

  private void accept(int countMax) {
    for (int i = 0; i < countMax && !closed && !paused; i++) {
      NioLooseSocket accepted;
      try {
        SocketChannel next = poller.system().accept(channel);
        if (next == null) {
          return;
        }
        accepted = prepare(next);
      } catch (IOException e) {
        if (!goesOnAfter(e)) {
          return;
        }
        continue;
      }
      failuresInRow = 0;
      poller.host().counters().onAccepted();
      try {
        handler.onAccepted(accepted);
      } catch (Throwable failure) {
        poller.host().counters().onHandlerFailure();
        poller.host().report("accept handler failed", failure);
        accepted.closeWithReset();
        tell(failure);
      }
    }
  }

  @Override
  void onLost(Throwable failure) {
    poller.host().counters().onHandlerFailure();
    poller.host().report("listening socket " + local + " lost", failure);
    close();
    tell(failure);
  }

  private NioLooseSocket prepare(SocketChannel next) throws IOException {
    try {
      NioPoller.configure(next, local instanceof UnixDomainSocketAddress);
      return new NioLooseSocket(next);
    } catch (IOException e) {
      // The client went away between the kernel's accept and ours.
      poller.closeQuietly(next);
      throw e;
    }
  }

  private boolean goesOnAfter(IOException e) {
    poller.host().counters().onAcceptFailure();
    failuresInRow++;
    boolean shortage = outOfDescriptors(e) || failuresInRow >= FAILURES_MAX;
    if (shortage && !closed) {
      failuresInRow = 0;
      poller.host().counters().onAcceptPause();
      long now = poller.host().nowNanos();
      poller.host().timers().arm(resumeTimer, Deadline.after(now, options.descriptorPauseNanos()));
      updateInterest();
    }
    tell(e);
    return !shortage && !closed;
  }

  /** EMFILE and ENFILE; the JDK passes on nothing but the text of the system's error. */
  private static boolean outOfDescriptors(IOException e) {
    String message = e.getMessage();
    return message != null && message.contains("Too many open files");
  }

  private void tell(Throwable failure) {
    try {
      handler.onAcceptFailure(failure);
    } catch (Throwable second) {
      poller.host().report("failure handler of a listening socket failed", second);
    }
  }

  private void updateInterest() {
    if (closed) {
      return;
    }
    boolean accepts = !paused && !resumeTimer.armed();
    if (!applyInterest(accepts ? SelectionKey.OP_ACCEPT : 0)) {
      poller.onBrokenKey();
    }
  }

  /** Ends the pause for want of descriptors. */
  private final class ResumeTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      updateInterest();
    }
  }
}
