package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A front mux on a connection that a test plays, with what it has told so far. */
class FrontMuxScene {
  final FakeHost host = new FakeHost(Side.FRONT);
  final List<Upper> exchanges = new ArrayList<>();
  final List<String> rejected = new ArrayList<>();
  Consumer<Upper> prepare = upper -> {};
  final H1FrontMux mux =
      new H1FrontMux(
          host,
          new StreamAcceptor() {
            @Override
            public StreamHandler accept(MuxStream stream) {
              assertThat(host.dispatching).isTrue();
              Upper upper = new Upper(host);
              upper.stream = stream;
              exchanges.add(upper);
              prepare.accept(upper);
              return upper;
            }

            @Override
            public void rejected(int status, CloseCause cause, String detail) {
              rejected.add(status + " " + cause);
            }
          });

  FrontMuxScene() {
    host.install(mux);
  }

  Upper exchange(int number) {
    return exchanges.get(number - 1);
  }
}
