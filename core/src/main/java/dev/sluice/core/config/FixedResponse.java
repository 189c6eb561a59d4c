package dev.sluice.core.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An answer that the engine gives by itself.
 *
 * @param status 200 to 599
 * @param fields the fields, without those that frame the message
 * @param body the content; the array is copied on the way in and out
 */
@SuppressWarnings("ArrayRecordComponent") // Copied at every door.
public record FixedResponse(int status, List<Field> fields, byte[] body) implements FrontendAction {

  /** A field of the response. */
  public record Field(String name, String value) {
    /** Rejects nulls. */
    public Field {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(value, "value");
    }
  }

  /** Copies what it is given. */
  public FixedResponse {
    fields = List.copyOf(fields);
    body = body.clone();
  }

  /** A response of plain text. */
  public static FixedResponse text(int status, String text) {
    return new FixedResponse(
        status,
        List.of(new Field("content-type", "text/plain; charset=utf-8")),
        text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] body() {
    return body.clone();
  }

  /** One line for each thing that can't be sent. */
  public List<String> problems(String where) {
    List<String> problems = new ArrayList<>();
    if (status < 200 || status > 599) {
      problems.add(where + ".status is " + status + ": 200 to 599 is valid");
    }
    if ((status == 204 || status == 304) && body.length > 0) {
      problems.add(where + ".body must be empty with status " + status);
    }
    for (Field field : fields) {
      if (field.name().isEmpty() || !field.name().chars().allMatch(FixedResponse::isTokenChar)) {
        problems.add(where + ".fields: \"" + field.name() + "\" is no field name (RFC 9110 5.1)");
      }
      if (field.value().chars().anyMatch(c -> c != '\t' && (c < ' ' || c == 0x7f || c > 0xff))) {
        problems.add(
            where + ".fields." + field.name() + " has a character that no field value may have");
      }
    }
    return problems;
  }

  private static boolean isTokenChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
