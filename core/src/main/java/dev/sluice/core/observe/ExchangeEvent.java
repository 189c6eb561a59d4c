package dev.sluice.core.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * One exchange. Not in a recording unless asked for: a recording that was started for something
 * else should not get an event for each request.
 */
@Name("dev.sluice.Exchange")
@Label("Exchange")
@Category("Sluice")
@Description("A proxied request with its response, or a TCP connection, when it ends")
@Enabled(false)
@StackTrace(false)
final class ExchangeEvent extends Event {
  @Label("Frontend")
  String frontend = "";

  @Label("Backend")
  String backend = "";

  @Label("Server")
  String server = "";

  @Label("Front Protocol")
  String frontProtocol = "";

  @Label("Back Protocol")
  String backProtocol = "";

  @Label("Method")
  String method = "";

  @Label("Status")
  int status;

  @Label("Retries")
  int retries;

  @Label("Reused")
  @Description("Whether another exchange had opened the connection to the server")
  boolean reused;

  @Label("Bytes From Client")
  @DataAmount
  long bytesFromClient;

  @Label("Bytes To Client")
  @DataAmount
  long bytesToClient;

  @Label("Phase")
  String phase = "";

  @Label("Ended By")
  String endedBy = "";

  @Label("Cause")
  String cause = "";

  @Label("Request")
  @Timespan(Timespan.NANOSECONDS)
  long request;

  @Label("Routing")
  @Timespan(Timespan.NANOSECONDS)
  long routing;

  @Label("Queue")
  @Timespan(Timespan.NANOSECONDS)
  long queue;

  @Label("Lost")
  @Description("In attempts that came to nothing")
  @Timespan(Timespan.NANOSECONDS)
  long lost;

  @Label("Connect")
  @Timespan(Timespan.NANOSECONDS)
  long connect;

  @Label("Handshake")
  @Timespan(Timespan.NANOSECONDS)
  long handshake;

  @Label("Wait")
  @Timespan(Timespan.NANOSECONDS)
  long wait;

  @Label("Response")
  @Timespan(Timespan.NANOSECONDS)
  long response;

  @Label("First Byte")
  @Timespan(Timespan.NANOSECONDS)
  long firstByte;

  @Label("Total")
  @Timespan(Timespan.NANOSECONDS)
  long total;

  void fill(ExchangeRecord record) {
    frontend = record.frontend();
    backend = record.backend();
    server = record.server();
    frontProtocol = record.frontProtocol();
    backProtocol = record.backProtocol();
    method = record.method();
    status = record.status();
    retries = record.retries();
    reused = record.reused();
    bytesFromClient = record.bytesFromClient();
    bytesToClient = record.bytesToClient();
    phase = record.phase().name();
    endedBy = record.endedBy().name();
    cause = record.cause().name();
    request = record.requestNanos();
    routing = record.routingNanos();
    queue = record.queueNanos();
    lost = record.lostNanos();
    connect = record.connectNanos();
    handshake = record.handshakeNanos();
    wait = record.waitNanos();
    response = record.responseNanos();
    firstByte = record.firstByteNanos();
    total = record.totalNanos();
  }
}
