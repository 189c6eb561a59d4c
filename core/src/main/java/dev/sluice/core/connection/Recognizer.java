package dev.sluice.core.connection;

import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.Recognition;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks mux providers whose the first bytes are. */
final class Recognizer {
  private Recognizer() {}

  /**
   * What was found.
   *
   * @param provider the one that said yes, or null
   * @param more whether somebody needs more bytes to tell
   */
  record Verdict(@Nullable MuxProvider provider, boolean more) {}

  private static final Verdict NOBODY = new Verdict(null, false);
  private static final Verdict MORE = new Verdict(null, true);

  static Verdict ask(List<MuxProvider> providers, ByteBuffer firstBytes) {
    boolean more = !firstBytes.hasRemaining();
    if (!more) {
      for (MuxProvider provider : providers) {
        Recognition recognition = provider.recognize(firstBytes);
        if (recognition == Recognition.YES) {
          return new Verdict(provider, false);
        }
        more |= recognition == Recognition.MORE;
      }
    }
    return more ? MORE : NOBODY;
  }
}
