package dev.sluice.simulation;

import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The server of one kind: each connection that it accepts shakes hands as planned, and answers. */
final class SimOrigin {
  private final EngineRun run;
  private final Kind kind;
  private final List<OriginLink> links = new ArrayList<>();

  SimOrigin(EngineRun run, Kind kind) {
    this.run = run;
    this.kind = kind;
    SimServer.listen(
        run.simulation(),
        kind.address(),
        socket -> {
          RunPlan.Death death = run.plan().nextDeath(kind);
          if (death.isFault()) {
            run.faults().trouble(kind);
          }
          OriginLink link = new OriginLink();
          links.add(link);
          link.open(run.wires().server(kind, socket, death, link));
        });
  }

  void closeIdle(boolean byReset) {
    for (OriginLink link : List.copyOf(links)) {
      link.closeIdle(byReset);
    }
  }

  /** One connection. */
  private final class OriginLink implements Wire.Handler {
    private @Nullable Wire wire;
    private @Nullable Serving serving;

    void open(Wire made) {
      wire = made;
    }

    void closeIdle(boolean byReset) {
      Wire to = wire;
      Serving with = serving;
      if (to == null || with == null || to.over() || !with.idle()) {
        return;
      }
      if (byReset) {
        to.resetWhenSent();
      } else {
        to.close();
      }
      run.faults().trouble(kind);
    }

    @Override
    public void onReady(Wire ready) {
      wire = ready;
      String agreed = ready.protocol();
      if (TestMuxProvider.MULTI.equals(agreed)) {
        serving = new MuxServing(run, ready);
      } else if ("h2".equals(agreed) || kind == Kind.CLEAR_H2) {
        serving = new H2Serving(run, kind, ready);
      } else {
        serving = new H1Serving(run, ready);
      }
      if (kind == Kind.UNKNOWN) {
        run.fault("a server that speaks nothing we know got a connection, agreed on " + agreed);
      }
    }

    @Override
    public void onPlain(byte[] bytes) {
      Serving with = serving;
      if (with != null) {
        with.onPlain(bytes);
      }
    }

    @Override
    public void onEnd(boolean clean) {
      Serving with = serving;
      if (with != null) {
        with.onEnd();
      }
    }
  }

  /** What a connection carries once there is something to carry. */
  interface Serving {
    void onPlain(byte[] bytes);

    void onEnd();

    /** Whether it has seen a request, and none is under way. */
    boolean idle();
  }
}
