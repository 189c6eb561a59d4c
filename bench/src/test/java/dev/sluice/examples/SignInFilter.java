package dev.sluice.examples;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.stream.ExchangeFilter;
import dev.sluice.core.stream.FilterCall;
import dev.sluice.core.stream.FilterSuspension;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

// guide: suspend
/** Lets in who somebody else knows, and tells the server the name. */
final class SignInFilter implements ExchangeFilter {
  private static final FixedResponse WHO = FixedResponse.text(401, "who are you?\n");
  private static final FixedResponse NO = FixedResponse.text(403, "no\n");

  private final Function<String, CompletionStage<String>> names;

  SignInFilter(Function<String, CompletionStage<String>> names) {
    this.names = names;
  }

  @Override
  public void onRequestHead(RequestHead head, boolean end, FilterCall call) {
    String token = head.fields().value("authorization");
    if (token == null) {
      call.answer(WHO);
      return;
    }
    FilterSuspension held = call.suspend(Duration.ofSeconds(2));
    CompletionStage<String> lookup = names.apply(token);
    held.onCancel(() -> lookup.toCompletableFuture().cancel(true));
    lookup.whenComplete(
        (name, failure) -> {
          if (failure != null) {
            held.answer(NO);
          } else {
            held.resume(() -> head.fields().set("x-user", name));
          }
        });
  }
}
// guide: suspend
