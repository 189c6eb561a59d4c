import com.example.line.LineMuxProvider;
import dev.sluice.core.mux.MuxProvider;

module com.example.gateway {
  requires dev.sluice.core;

  provides MuxProvider with
      LineMuxProvider;
}
