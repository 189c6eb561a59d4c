package dev.sluice.core.observe;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** One handshake of a connection's transport. */
@Name("dev.sluice.Handshake")
@Label("Handshake")
@Category("Sluice")
@Description("A handshake with a client or a server, when it is done or has failed")
@StackTrace(false)
final class HandshakeEvent extends Event {
  @Label("Side")
  String side = "";

  @Label("Peer")
  String peer = "";

  @Label("Took")
  @Timespan(Timespan.NANOSECONDS)
  long took;

  @Label("Version")
  String version = "";

  @Label("Cipher Suite")
  String suite = "";

  @Label("Server Name")
  @Nullable String serverName;

  @Label("Application Protocol")
  String applicationProtocol = "";

  @Label("Resumed")
  boolean resumed;

  @Label("Result")
  @Description("COMPLETE, or the cause of its failure")
  String result = "";
}
