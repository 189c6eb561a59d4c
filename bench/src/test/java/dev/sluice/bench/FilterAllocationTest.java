package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.stream.ExchangeFilter;
import dev.sluice.core.stream.FilterCall;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** With filters that allocate nothing, the loop allocates nothing, once everything is warm. */
class FilterAllocationTest {
  private static final InetSocketAddress FRONT = new InetSocketAddress("192.0.2.10", 80);
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.20", 8080);
  private static final int WARM_UPS = 60_000;
  private static final int EXCHANGES = 50_000;
  private static final int LENGTH = AllocationCase.KIBIBYTE.contentBytes;

  /** Writes every byte anew, in both directions. */
  private static final class CopyingFilter implements ExchangeFilter {
    private final ByteBuffer copy = ByteBuffer.allocate(512);

    @Override
    public void onRequestHead(RequestHead head, boolean end, FilterCall call) {
      announce(head, call);
    }

    @Override
    public void onRequestData(ByteBuffer data, FilterCall call) {
      copy(data, call);
    }

    @Override
    public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
      announce(head, call);
    }

    @Override
    public void onResponseData(ByteBuffer data, FilterCall call) {
      copy(data, call);
    }

    private static void announce(MessageHead head, FilterCall call) {
      call.rewriteContent();
      head.fields().setLong(FieldName.CONTENT_LENGTH, LENGTH);
    }

    private void copy(ByteBuffer data, FilterCall call) {
      while (data.hasRemaining() && call.room() > 0) {
        int count = Math.min(Math.min(copy.capacity(), call.room()), data.remaining());
        copy.clear().put(0, data, data.position(), count).limit(count);
        data.position(data.position() + count);
        call.write(copy);
      }
    }
  }

  @Test
  void filtersOfTheEngineCostNoBytes() throws IOException {
    Simulation simulation = new Simulation(1);
    LoopObserver observer = new LoopObserver();
    ExchangeFilter looking = new ExchangeFilter() {};
    ExchangeFilter copying = new CopyingFilter();
    try (ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(FRONT))
            .backend(BackendConfig.of("back", ServerConfig.clear("a", SERVER)))
            .observer(observer)
            .filter(() -> looking)
            .filter(() -> copying)
            .drivenLoops(
                EngineLoops.driven(
                    simulation.addLoops(1, LoopLimits.defaults()), simulation.executor()))
            .build()) {
      engine.start();
      byte[] response = AllocationCase.KIBIBYTE.response();
      SimServer.listen(simulation, SERVER, peer -> answering(peer, response));
      byte[] request = AllocationCase.KIBIBYTE.request();
      for (int i = 0; i < 4; i++) {
        ScriptedPeer client = ScriptedPeer.connect(simulation, "client-" + i, FRONT);
        client.send(request);
        answering(client, request);
      }
      simulation.runUntil(() -> observer.complete() >= WARM_UPS);
      AllocationCeilings.read()
          .check(
              "simulation.filters.1k",
              EXCHANGES,
              () -> {
                simulation.measureAllocations();
                long before = observer.complete();
                simulation.runUntil(() -> observer.complete() - before >= EXCHANGES);
                return simulation.loopAllocatedBytes();
              });
      assertThat(observer.failed()).isZero();
    }
  }

  private static void answering(ScriptedPeer peer, byte[] answer) {
    MessageCounter messages = new MessageCounter(LENGTH);
    peer.onBytes(
        (from, bytes) -> {
          for (int whole = messages.count(bytes, 0, bytes.length); whole > 0; whole--) {
            from.write(answer);
          }
        });
  }
}
