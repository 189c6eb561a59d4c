package dev.sluice.core.observe;

/**
 * Where the texts of a request's head can be read without making a string for every exchange. The
 * bytes come from the client: they may be anything, line breaks included.
 */
public interface RequestText {
  /** The name of the method; may make a string. */
  String methodName();

  /** Writes the name of the method. */
  void writeMethodTo(ByteTarget target);

  /** Writes host and port as the client asked for them; nothing if it named none. */
  void writeHostTo(ByteTarget target);

  /** Writes path and query; nothing if the request has none, as CONNECT has not. */
  void writePathTo(ByteTarget target);
}
