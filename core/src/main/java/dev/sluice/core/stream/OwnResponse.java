package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A response that the engine makes by itself: a fixed one, or the one that tells of a failure.
 * Confined to its loop.
 */
final class OwnResponse {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final byte[] TEXT_PLAIN = ascii("text/plain");
  private static final byte[] NO_STORE = ascii("no-store");
  private static final int STATUS_MAX = 599;
  private static final byte[][] FAILURE_BODIES = new byte[STATUS_MAX + 1][];
  private static final int FAILURE_BODY_BYTES_MAX = 64;

  private final ResponseHead head;
  private final ByteBuffer failureBody = ByteBuffer.allocate(FAILURE_BODY_BYTES_MAX);
  private @Nullable FixedResponse prepared;
  private ByteBuffer body = NOTHING;

  static {
    for (int status = 400; status <= STATUS_MAX; status++) {
      FAILURE_BODIES[status] = ascii(status + " " + words(status) + "\n");
    }
  }

  OwnResponse(int headBytesMax, int fieldCountMax) {
    this.head = new ResponseHead(headBytesMax, fieldCountMax);
  }

  /** A fixed response. */
  @SuppressWarnings("ReferenceEquality") // Another equal one would only be copied again.
  void prepare(FixedResponse response) {
    head.clear();
    head.setStatus(response.status());
    for (int i = 0; i < response.fields().size(); i++) {
      FixedResponse.Field field = response.fields().get(i);
      head.fields().add(field.name(), field.value());
    }
    if (prepared != response) {
      prepared = response;
      body = ByteBuffer.wrap(response.body());
    }
    body.rewind();
    if (!head.bodyless()) {
      head.fields().setLong(FieldName.CONTENT_LENGTH, body.remaining());
    }
  }

  /** The response that tells of a failure. */
  void prepare(int status) {
    head.clear();
    head.setStatus(status);
    head.fields().add(FieldName.CONTENT_TYPE, TEXT_PLAIN, 0, TEXT_PLAIN.length);
    head.fields().add(FieldName.CACHE_CONTROL, NO_STORE, 0, NO_STORE.length);
    prepared = null;
    body = failureBody.clear().put(FAILURE_BODIES[status]).flip();
    head.fields().setLong(FieldName.CONTENT_LENGTH, body.remaining());
  }

  ResponseHead head() {
    return head;
  }

  int status() {
    return head.status();
  }

  boolean empty() {
    return !body.hasRemaining() || head.bodyless();
  }

  /** What is left of the content; its position moves by what is sent. */
  ByteBuffer body() {
    return body;
  }

  boolean sent() {
    return !body.hasRemaining();
  }

  void clear() {
    head.clear();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String words(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 408 -> "Request Timeout";
      case 404 -> "Not Found";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 421 -> "Misdirected Request";
      case 425 -> "Too Early";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      default -> "Error";
    };
  }
}
