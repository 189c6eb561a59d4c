package dev.sluice.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/** A kind of exchange, and how many of them are measured: content of one size both ways. */
enum AllocationCase {
  /** A GET that is answered without content. */
  EMPTY("0", 0, 10_000, 100_000),
  /** A POST of 1 KiB that is answered with 1 KiB. */
  KIBIBYTE("1k", 1 << 10, 10_000, 100_000),
  /** A POST of 1 MiB that is answered with 1 MiB: fewer, since each is many reads and writes. */
  MEBIBYTE("1m", 1 << 20, 200, 500);

  final String label;
  final int contentBytes;
  final int warmUps;
  final int exchanges;

  AllocationCase(String label, int contentBytes, int warmUps, int exchanges) {
    this.label = label;
    this.contentBytes = contentBytes;
    this.warmUps = warmUps;
    this.exchanges = exchanges;
  }

  /** What a client sends. */
  byte[] request() {
    String start = contentBytes == 0 ? "GET" : "POST";
    String fields =
        "Host: example.org\r\nUser-Agent: gate\r\nAccept: */*\r\nX-Unknown: something\r\n";
    String length = contentBytes == 0 ? "" : "Content-Length: " + contentBytes + "\r\n";
    return message(start + " /a/path?with=query HTTP/1.1\r\n" + fields + length + "\r\n");
  }

  /** What an origin answers. */
  byte[] response() {
    String fields =
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: origin\r\nX-Other: something\r\n";
    return message("HTTP/1.1 200 OK\r\n" + fields + "Content-Length: " + contentBytes + "\r\n\r\n");
  }

  private byte[] message(String head) {
    byte[] bytes = Arrays.copyOf(head.getBytes(US_ASCII), head.length() + contentBytes);
    Arrays.fill(bytes, head.length(), bytes.length, (byte) 'x');
    return bytes;
  }
}
