package dev.sluice.core.observe;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** One connection from its dial or accept to its end. */
@Name("dev.sluice.Connection")
@Label("Connection")
@Category("Sluice")
@Description("A connection of a client or to a server, when it ends")
@StackTrace(false)
final class ConnectionEvent extends Event {
  @Label("Side")
  String side = "";

  @Label("Peer")
  String peer = "";

  @Label("Protocol")
  @Description("The mux; empty if the connection never had one")
  String protocol = "";

  @Label("Life")
  @Timespan(Timespan.NANOSECONDS)
  long life;

  @Label("Bytes Read")
  @DataAmount
  long bytesRead;

  @Label("Bytes Written")
  @DataAmount
  long bytesWritten;

  @Label("Cause")
  String cause = "";
}
