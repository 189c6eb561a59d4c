/** The HTTP/2 mux. */
@SuppressWarnings("module") // The lint dislikes names that end in a digit; the protocol does.
module dev.sluice.mux.h2 {
  requires static org.jspecify;
  requires dev.sluice.core;
}
