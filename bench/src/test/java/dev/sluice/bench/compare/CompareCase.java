package dev.sluice.bench.compare;

/** What is spoken on both sides of the proxies. */
enum CompareCase {
  H1_TO_H1("h1 -> h1", false, false),
  H2_TLS_TO_H1("h2+TLS -> h1", true, false),
  H2_TLS_TO_H2_TLS("h2+TLS -> h2+TLS", true, true);

  final String label;
  final boolean frontH2;
  final boolean backH2;

  CompareCase(String label, boolean frontH2, boolean backH2) {
    this.label = label;
    this.frontH2 = frontH2;
    this.backH2 = backH2;
  }
}
