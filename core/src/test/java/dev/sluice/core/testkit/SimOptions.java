package dev.sluice.core.testkit;

import java.util.SplittableRandom;

/**
 * How the simulated network behaves. Rates are probabilities between 0 and 1; every decision is
 * taken from the simulation's seed.
 *
 * @param latencyNanosMin the shortest time from one end to the other
 * @param latencyNanosMax the longest one; bytes still arrive in order
 * @param sendBufferBytes how much a sender may have written that isn't acknowledged yet
 * @param receiveBufferBytes how much may have arrived that isn't read yet
 * @param fragmentRate how likely a delivery is cut at a random place
 * @param coalesceRate how likely bytes are joined with bytes written before that are still under
 *     way
 * @param shortIoRate how likely one read or write moves less than it could
 * @param spuriousReadyRate how likely a socket is reported as ready that isn't
 * @param syncConnectRate how likely a connection to a listener is made within the call
 * @param refuseRate fault: how likely a connection attempt is refused
 * @param blackholeRate fault: how likely a connection attempt is never answered
 * @param resetRate fault: how likely a delivery resets the connection instead
 * @param delayRate fault: how likely a delivery is held up
 * @param delayNanosMax for how long at most
 * @param keepUnreadRate how likely a reset leaves what has arrived and isn't read yet readable, as
 *     Linux does; otherwise it is lost, as RFC 9293 3.10.7.4 has it
 * @param faultsMax how many faults there may be in one simulation
 * @param executorDelayNanosMax how long a lent task waits at most before it runs
 */
public record SimOptions(
    long latencyNanosMin,
    long latencyNanosMax,
    int sendBufferBytes,
    int receiveBufferBytes,
    double fragmentRate,
    double coalesceRate,
    double shortIoRate,
    double spuriousReadyRate,
    double syncConnectRate,
    double refuseRate,
    double blackholeRate,
    double resetRate,
    double delayRate,
    long delayNanosMax,
    double keepUnreadRate,
    int faultsMax,
    long executorDelayNanosMax) {

  private static final long MICRO = 1_000L;
  private static final long MILLI = 1_000_000L;

  /** Checks the bounds. */
  public SimOptions {
    if (latencyNanosMin < 0 || latencyNanosMax < latencyNanosMin) {
      throw new IllegalArgumentException(
          "latency from " + latencyNanosMin + " to " + latencyNanosMax + " ns");
    }
    if (sendBufferBytes <= 0 || receiveBufferBytes <= 0) {
      throw new IllegalArgumentException("send and receive buffers must hold a byte at least");
    }
  }

  /** A network without surprises: 100 microseconds one way, large windows, whole deliveries. */
  public static SimOptions calm() {
    return new SimOptions(
        100 * MICRO, 100 * MICRO, 65_536, 65_536, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100 * MICRO);
  }

  /** A network of random delays, windows and cuts, in which nothing fails. */
  public static SimOptions rough(SplittableRandom random) {
    return new SimOptions(
        random.nextLong(200 * MICRO),
        200 * MICRO + random.nextLong(5 * MILLI),
        1 << random.nextInt(9, 18),
        1 << random.nextInt(9, 18),
        random.nextDouble(0.5),
        random.nextDouble(0.5),
        random.nextDouble(0.3),
        random.nextDouble(0.1),
        random.nextBoolean() ? 0 : random.nextDouble(1),
        0,
        0,
        0,
        0,
        0,
        0.5,
        0,
        random.nextLong(10 * MILLI) + 1);
  }

  /** A rough network in which up to {@code faultsMax} random faults happen. */
  public static SimOptions hostile(SplittableRandom random, int faultsMax) {
    return rough(random)
        .withFaults(
            random.nextDouble(0.1),
            random.nextDouble(0.05),
            random.nextDouble(0.03),
            random.nextDouble(0.05),
            random.nextLong(1, 2_000 * MILLI),
            faultsMax);
  }

  /** Returns the same network with these faults. */
  public SimOptions withFaults(
      double refuseRate,
      double blackholeRate,
      double resetRate,
      double delayRate,
      long delayNanosMax,
      int faultsMax) {
    return new SimOptions(
        latencyNanosMin,
        latencyNanosMax,
        sendBufferBytes,
        receiveBufferBytes,
        fragmentRate,
        coalesceRate,
        shortIoRate,
        spuriousReadyRate,
        syncConnectRate,
        refuseRate,
        blackholeRate,
        resetRate,
        delayRate,
        delayNanosMax,
        keepUnreadRate,
        faultsMax,
        executorDelayNanosMax);
  }

  /** Returns the same network with other latencies. */
  public SimOptions withLatency(long nanosMin, long nanosMax) {
    return new SimOptions(
        nanosMin,
        nanosMax,
        sendBufferBytes,
        receiveBufferBytes,
        fragmentRate,
        coalesceRate,
        shortIoRate,
        spuriousReadyRate,
        syncConnectRate,
        refuseRate,
        blackholeRate,
        resetRate,
        delayRate,
        delayNanosMax,
        keepUnreadRate,
        faultsMax,
        executorDelayNanosMax);
  }

  /** Returns the same network with other windows. */
  public SimOptions withBuffers(int sendBytes, int receiveBytes) {
    return new SimOptions(
        latencyNanosMin,
        latencyNanosMax,
        sendBytes,
        receiveBytes,
        fragmentRate,
        coalesceRate,
        shortIoRate,
        spuriousReadyRate,
        syncConnectRate,
        refuseRate,
        blackholeRate,
        resetRate,
        delayRate,
        delayNanosMax,
        keepUnreadRate,
        faultsMax,
        executorDelayNanosMax);
  }

  /** Returns the same network with another share of connections that are made within the call. */
  public SimOptions withSyncConnect(double rate) {
    return new SimOptions(
        latencyNanosMin,
        latencyNanosMax,
        sendBufferBytes,
        receiveBufferBytes,
        fragmentRate,
        coalesceRate,
        shortIoRate,
        spuriousReadyRate,
        rate,
        refuseRate,
        blackholeRate,
        resetRate,
        delayRate,
        delayNanosMax,
        keepUnreadRate,
        faultsMax,
        executorDelayNanosMax);
  }

  /** Returns the same network in which a reset leaves at this rate what has arrived readable. */
  public SimOptions withKeptUnread(double rate) {
    return new SimOptions(
        latencyNanosMin,
        latencyNanosMax,
        sendBufferBytes,
        receiveBufferBytes,
        fragmentRate,
        coalesceRate,
        shortIoRate,
        spuriousReadyRate,
        syncConnectRate,
        refuseRate,
        blackholeRate,
        resetRate,
        delayRate,
        delayNanosMax,
        rate,
        faultsMax,
        executorDelayNanosMax);
  }

  /** Returns the same network with another longest delay of lent tasks. */
  public SimOptions withExecutorDelay(long nanosMax) {
    return new SimOptions(
        latencyNanosMin,
        latencyNanosMax,
        sendBufferBytes,
        receiveBufferBytes,
        fragmentRate,
        coalesceRate,
        shortIoRate,
        spuriousReadyRate,
        syncConnectRate,
        refuseRate,
        blackholeRate,
        resetRate,
        delayRate,
        delayNanosMax,
        keepUnreadRate,
        faultsMax,
        nanosMax);
  }
}
