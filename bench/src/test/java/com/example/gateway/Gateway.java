package com.example.gateway;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Forwards HTTP/1.1 and lines to one server; tells its ports, and ends with its input. */
public final class Gateway {
  private Gateway() {}

  /** Takes the server's port. */
  // guide: gateway
  public static void main(String[] arguments) throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    InetSocketAddress any = new InetSocketAddress(here, 0);
    InetSocketAddress to = new InetSocketAddress(here, Integer.parseInt(arguments[0]));
    try (ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(any))
            .frontend("lines", ProxyMode.HTTP, "app", ListenerConfig.clear(any).withMux("line"))
            .backend(BackendConfig.of("app", ServerConfig.clear("a", to)))
            .build()) {
      engine.start();
      System.out.println(engine.address("web", 0).getPort());
      System.out.println(engine.address("lines", 0).getPort());
      System.in.transferTo(System.out);
    }
  }
  // guide: gateway
}
