package dev.sluice.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The proxies, each with one thread for the traffic. */
enum ProxyKind {
  HAPROXY("HAProxy"),
  SLUICE("Sluice"),
  NETTY("Netty");

  final String label;

  ProxyKind(String label) {
    this.label = label;
  }

  /** How to start it in front of that port. */
  List<String> command(CompareCase what, int port, int originPort, Path folder) throws IOException {
    if (this == HAPROXY) {
      Path config = folder.resolve("haproxy-" + port + ".cfg");
      Files.writeString(config, haproxyConfig(what, port, originPort, folder));
      return List.of(Programs.located("haproxy"), "-db", "-f", config.toString());
    }
    Class<?> main = this == SLUICE ? SluiceProxy.class : NettyProxy.class;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms256m", "-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(main.getName(), what.name()));
    command.addAll(List.of(Integer.toString(port), Integer.toString(originPort)));
    command.add(folder.toString());
    return command;
  }

  private static String haproxyConfig(CompareCase what, int port, int originPort, Path folder) {
    return """
        global
          nbthread 1
          maxconn 1000
        defaults
          mode http
          timeout client 60s
          timeout server 60s
          timeout connect 5s
          http-reuse always
        frontend front
          bind 127.0.0.1:%d %s
          default_backend back
        backend back
          server origin 127.0.0.1:%d %s
        """
        .formatted(
            port,
            what.frontH2 ? "ssl crt " + folder.resolve("both.pem") + " alpn h2" : "",
            originPort,
            what.backH2
                ? "ssl verify required ca-file "
                    + folder.resolve("cert.pem")
                    + " sni str(localhost) verifyhost localhost alpn h2"
                : "");
  }
}
