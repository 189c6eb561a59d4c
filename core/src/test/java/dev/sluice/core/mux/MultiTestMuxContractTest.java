package dev.sluice.core.mux;

import dev.sluice.core.testkit.mux.ContractPeer;
import dev.sluice.core.testkit.mux.MultiplexMuxContract;
import dev.sluice.core.testkit.mux.TestMuxProvider;

/** The multiplexing test mux keeps the contract, so that what it shows can be relied on. */
class MultiTestMuxContractTest extends MultiplexMuxContract {
  @Override
  protected MuxProvider provider() {
    return TestMuxProvider.multi();
  }

  @Override
  protected ContractPeer peer(Side side) {
    return new TestMuxContractPeer(side, true);
  }
}
