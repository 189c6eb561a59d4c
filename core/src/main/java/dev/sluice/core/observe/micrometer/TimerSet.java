package dev.sluice.core.observe.micrometer;

import dev.sluice.core.observe.ExchangeRecord;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** The timers of one combination of frontend, backend, class of status and protocols. */
final class TimerSet {
  private static final String[] STATUS_CLASSES = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

  private final String frontend;
  private final String backend;
  private final String frontProtocol;
  private final String backProtocol;
  private final int statusClass;
  private final Timer total;
  private final Timer firstByte;
  private final Timer queue;
  private final Timer connect;
  private final Timer handshake;

  TimerSet(MeterRegistry registry, Tags common, ExchangeRecord first) {
    this.frontend = first.frontend();
    this.backend = first.backend();
    this.frontProtocol = first.frontProtocol();
    this.backProtocol = first.backProtocol();
    this.statusClass = statusClass(first);
    Tags tags =
        common.and(
            "frontend",
            orNone(frontend),
            "backend",
            orNone(backend),
            "status",
            STATUS_CLASSES[statusClass],
            "front.protocol",
            orNone(frontProtocol),
            "back.protocol",
            orNone(backProtocol));
    this.total = timer(registry, "sluice.exchange", "From the beginning to the end", tags);
    this.firstByte =
        timer(
            registry,
            "sluice.exchange.first.byte",
            "From the request's head to the first byte of the answer",
            tags);
    this.queue =
        timer(registry, "sluice.exchange.queue", "In the line of a server, if it waited", tags);
    this.connect =
        timer(registry, "sluice.exchange.connect", "TCP connect, of new connections", tags);
    this.handshake =
        timer(registry, "sluice.exchange.handshake", "Handshake, of new connections", tags);
  }

  private static Timer timer(MeterRegistry registry, String name, String description, Tags tags) {
    return Timer.builder(name).description(description).tags(tags).register(registry);
  }

  private static String orNone(String value) {
    return value.isEmpty() ? "none" : value;
  }

  private static int statusClass(ExchangeRecord record) {
    // A status beyond 599 is treated as a 5xx (RFC 9110 15).
    return Math.min(STATUS_CLASSES.length - 1, record.status() / 100);
  }

  boolean isFor(ExchangeRecord record) {
    // Names are the configuration's own strings, so that most comparisons end at their identity.
    return statusClass == statusClass(record)
        && frontend.equals(record.frontend())
        && backend.equals(record.backend())
        && frontProtocol.equals(record.frontProtocol())
        && backProtocol.equals(record.backProtocol());
  }

  void record(ExchangeRecord record) {
    total.record(record.totalNanos(), TimeUnit.NANOSECONDS);
    if (record.firstByteNanos() > 0) {
      firstByte.record(record.firstByteNanos(), TimeUnit.NANOSECONDS);
    }
    if (record.queueNanos() > 0) {
      queue.record(record.queueNanos(), TimeUnit.NANOSECONDS);
    }
    if (!record.reused() && !record.backProtocol().isEmpty()) {
      connect.record(record.connectNanos(), TimeUnit.NANOSECONDS);
      if (!record.backSession().isNone()) {
        handshake.record(record.handshakeNanos(), TimeUnit.NANOSECONDS);
      }
    }
  }
}
