package dev.sluice.core.mux;

import dev.sluice.core.testkit.mux.ContractPeer;
import dev.sluice.core.testkit.mux.HttpMuxContract;
import dev.sluice.core.testkit.mux.TestMuxProvider;

/** The other test mux keeps the contract too. */
class SingleTestMuxContractTest extends HttpMuxContract {
  @Override
  protected MuxProvider provider() {
    return TestMuxProvider.single();
  }

  @Override
  protected ContractPeer peer(Side side) {
    return new TestMuxContractPeer(side, false);
  }
}
