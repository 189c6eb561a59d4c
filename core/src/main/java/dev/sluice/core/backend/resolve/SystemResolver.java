package dev.sluice.core.backend.resolve;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the JDK, which blocks. Any thread but a loop. */
enum SystemResolver implements NameResolver {
  INSTANCE;

  @Override
  public CompletionStage<NameAnswer> resolve(String host) throws IOException {
    return CompletableFuture.completedFuture(
        new NameAnswer(List.of(InetAddress.getAllByName(host)), null));
  }
}
