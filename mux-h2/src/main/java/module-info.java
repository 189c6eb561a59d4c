import dev.sluice.core.mux.MuxProvider;
import dev.sluice.mux.h2.H2MuxProvider;

/** The HTTP/2 mux. */
@SuppressWarnings("module") // The lint dislikes names that end in a digit; the protocol does.
module dev.sluice.mux.h2 {
  requires static org.jspecify;
  requires dev.sluice.core;

  exports dev.sluice.mux.h2;

  provides MuxProvider with
      H2MuxProvider;
}
