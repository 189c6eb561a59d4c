package dev.sluice.bench.tls;

import java.util.List;

/** What is compared. */
enum TlsCase {
  RECORD_16K("record of 16 KiB, heap", TlsPair.LARGE_CONTENT_BYTES, TlsPair.Wire.HEAP),
  RECORD_16K_DIRECT(
      "record of 16 KiB, direct wire", TlsPair.LARGE_CONTENT_BYTES, TlsPair.Wire.DIRECT),
  RECORD_1K("record of 1 KiB, heap", 1_024, TlsPair.Wire.HEAP),
  RECORD_1K_DIRECT("record of 1 KiB, direct wire", 1_024, TlsPair.Wire.DIRECT),
  HANDSHAKE("handshake", 0, TlsPair.Wire.HEAP);

  final String label;
  final int contentBytes;
  final TlsPair.Wire wire;

  TlsCase(String label, int contentBytes, TlsPair.Wire wire) {
    this.label = label;
    this.contentBytes = contentBytes;
    this.wire = wire;
  }

  boolean isHandshake() {
    return this == HANDSHAKE;
  }

  /** Who takes part. */
  List<Contender> contenders() {
    Contender without = isHandshake() ? Contender.CIPHER_LOOP : Contender.SLUICE_RESUMED;
    return List.of(Contender.values()).stream().filter(one -> one != without).toList();
  }
}
