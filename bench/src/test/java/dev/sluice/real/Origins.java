package dev.sluice.real;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The real origins of the matrix, all on the loopback, with one certificate for "localhost". */
final class Origins {
  static final int DOWNLOAD_BYTES = 50 << 20;
  private static final int PIECE_BYTES = 65_536;

  private final Map<Origin, Integer> ports = new EnumMap<>(Origin.class);
  private final Path folder;

  Origins(Path folder) {
    this.folder = folder;
  }

  int port(Origin origin) {
    return Objects.requireNonNull(ports.get(origin), origin.name());
  }

  Path certificate() {
    return folder.resolve("cert.pem");
  }

  /** What every origin serves as /download: each piece begins with its number. */
  static byte[] download() {
    ByteBuffer bytes = ByteBuffer.allocate(DOWNLOAD_BYTES);
    for (int i = 0; i * PIECE_BYTES < DOWNLOAD_BYTES; i++) {
      bytes.putInt(i * PIECE_BYTES, i);
    }
    return bytes.array();
  }

  void start(Programs programs) throws IOException, InterruptedException {
    programs.run(
        new byte[0],
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost");
    Files.writeString(
        folder.resolve("both.pem"),
        Files.readString(folder.resolve("cert.pem")) + Files.readString(folder.resolve("key.pem")));
    Path html = Files.createDirectories(folder.resolve("html"));
    Files.write(html.resolve("download"), download());
    Files.writeString(html.resolve("small"), "small\n");
    for (Origin origin : Origin.values()) {
      ports.put(origin, Programs.freePort());
    }
    startNginx(programs);
    startHaproxy(programs);
    Files.write(folder.resolve("download"), download());
    Files.writeString(folder.resolve("small"), "small\n");
    programs.start(
        port(Origin.OPENSSL_WITHOUT_ALPN),
        "openssl",
        "s_server",
        "-accept",
        "127.0.0.1:" + port(Origin.OPENSSL_WITHOUT_ALPN),
        "-cert",
        "cert.pem",
        "-key",
        "key.pem",
        "-WWW",
        "-quiet");
    try (InputStream script = Origins.class.getResourceAsStream("/real/origin.js")) {
      Files.write(
          folder.resolve("origin.js"), Objects.requireNonNull(script, "origin.js").readAllBytes());
    }
    programs.start(
        port(Origin.NODE), "node", "origin.js", "h1", Integer.toString(port(Origin.NODE)));
    programs.start(
        port(Origin.NODE_CLEAR_H2),
        "node",
        "origin.js",
        "h2",
        Integer.toString(port(Origin.NODE_CLEAR_H2)));
  }

  private void startNginx(Programs programs) throws IOException {
    String config =
        """
        daemon off; worker_processes 1; pid @F@/nginx.pid; error_log @F@/nginx.err;
        events { worker_connections 512; }
        http {
          access_log off; client_max_body_size 0;
          client_body_temp_path @F@/t1; proxy_temp_path @F@/t2; fastcgi_temp_path @F@/t3;
          uwsgi_temp_path @F@/t4; scgi_temp_path @F@/t5;
          server {
            listen 127.0.0.1:@C@; listen 127.0.0.1:@T@ ssl;
            ssl_certificate @F@/cert.pem; ssl_certificate_key @F@/key.pem;
            location / { root @F@/html; }
          }
          server {
            listen 127.0.0.1:@H@ ssl http2;
            ssl_certificate @F@/cert.pem; ssl_certificate_key @F@/key.pem;
            location / { root @F@/html; }
          }
        }
        """
            .replace("@F@", folder.toString())
            .replace("@C@", Integer.toString(port(Origin.NGINX_CLEAR)))
            .replace("@T@", Integer.toString(port(Origin.NGINX_TLS)))
            .replace("@H@", Integer.toString(port(Origin.NGINX_TLS_H2)));
    Files.writeString(folder.resolve("nginx.conf"), config);
    String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
    programs.start(
        port(Origin.NGINX_CLEAR),
        "nginx",
        "-c",
        folder.resolve("nginx.conf").toString(),
        "-g",
        user);
  }

  private void startHaproxy(Programs programs) throws IOException {
    String config =
        """
        defaults
          mode http
          timeout client 20s
          timeout server 20s
          timeout connect 2s
        frontend f
          bind 127.0.0.1:@T@ ssl crt @F@/both.pem alpn http/1.1
          bind 127.0.0.1:@H@ ssl crt @F@/both.pem alpn h2,http/1.1
          bind 127.0.0.1:@C@ proto h2
          default_backend b
        backend b
          server s 127.0.0.1:@S@
        """
            .replace("@F@", folder.toString())
            .replace("@T@", Integer.toString(port(Origin.HAPROXY_TLS)))
            .replace("@H@", Integer.toString(port(Origin.HAPROXY_TLS_H2)))
            .replace("@C@", Integer.toString(port(Origin.HAPROXY_CLEAR_H2)))
            .replace("@S@", Integer.toString(port(Origin.NGINX_CLEAR)));
    Files.writeString(folder.resolve("haproxy.cfg"), config);
    programs.start(port(Origin.HAPROXY_TLS), "haproxy", "-db", "-f", "haproxy.cfg");
  }
}
