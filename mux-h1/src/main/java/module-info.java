import dev.sluice.core.mux.MuxProvider;
import dev.sluice.mux.h1.H1MuxProvider;

/** The HTTP/1.1 mux. */
@SuppressWarnings("module") // The lint dislikes names that end in a digit; the protocol does.
module dev.sluice.mux.h1 {
  requires static org.jspecify;
  requires dev.sluice.core;

  exports dev.sluice.mux.h1;

  provides MuxProvider with
      H1MuxProvider;
}
