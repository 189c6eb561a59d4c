package dev.sluice.core.message;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request. Method, scheme, authority and path are members and never fields, whichever
 * protocol the request came over; {@code Host} is the authority.
 *
 * <p>Which parts are there:
 *
 * <table>
 *   <caption>Parts by form of the target (RFC 9112 3.2, RFC 9113 8.3.1)</caption>
 *   <tr><th>form</th><th>scheme</th><th>authority</th><th>path</th></tr>
 *   <tr><td>origin, absolute</td><td>set by the mux or the target</td><td>absent only from
 *       HTTP/1.0 or where Host was empty</td><td>path and query, begins with a slash</td></tr>
 *   <tr><td>asterisk</td><td>as above</td><td>as above</td><td>{@code *}</td></tr>
 *   <tr><td>CONNECT</td><td>absent</td><td>host and port</td><td>absent</td></tr>
 *   <tr><td>extended CONNECT (RFC 8441)</td><td colspan="3">all, and a protocol</td></tr>
 * </table>
 */
public final class RequestHead extends MessageHead {
  private static final int METHOD = 1;
  private static final int SCHEME = 2;
  private static final int AUTHORITY = 3;
  private static final int PATH = 4;
  private static final byte[] ROOT = {'/'};
  private static final byte[] CONTINUE = FieldText.latin("100-continue");

  private Method method = Method.GET;

  /**
   * An empty head, a GET of nothing.
   *
   * @param fieldBytesMax bytes that the start line's parts and the fields may have together
   * @param fieldCountMax field lines that it may have
   */
  public RequestHead(int fieldBytesMax, int fieldCountMax) {
    super(fieldBytesMax, fieldCountMax, PATH + 1);
  }

  /** The method; for {@link Method#OTHER} the bytes tell its name. */
  public Method method() {
    return method;
  }

  /** The array that holds the name of the method. */
  public byte[] methodBytes() {
    return method == Method.OTHER ? bytes() : method.bytes();
  }

  /** Where the name of the method begins in {@link #methodBytes}. */
  public int methodOffset() {
    return method == Method.OTHER ? fields.partOffset(METHOD) : 0;
  }

  /** The length of the name of the method. */
  public int methodLength() {
    return method == Method.OTHER ? fields.partLength(METHOD) : method.bytes().length;
  }

  /** The name of the method. */
  public String methodName() {
    return method == Method.OTHER ? Objects.requireNonNull(fields.partText(METHOD)) : method.name();
  }

  /** Sets a known method; {@link Method#OTHER} needs its bytes. */
  public void setMethod(Method known) {
    if (known == Method.OTHER) {
      throw new IllegalArgumentException("an unknown method is set by its name");
    }
    fields.clearPart(METHOD);
    method = known;
  }

  /** Sets the method by its name. */
  public boolean setMethod(byte[] src, int offset, int length) {
    Method known = Method.of(src, offset, length);
    if (known != Method.OTHER) {
      setMethod(known);
      return true;
    }
    if (!fields.setPart(METHOD, src, offset, length)) {
      return false;
    }
    method = Method.OTHER;
    return true;
  }

  /** Sets the method by its name; throws for what is no token. */
  public boolean setMethod(String name) {
    byte[] bytes = FieldText.latin(name);
    if (!FieldSyntax.isToken(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not a method (RFC 9110 9.1): " + name);
    }
    return setMethod(bytes, 0, bytes.length);
  }

  /** Where the scheme begins in {@link #bytes}. */
  public int schemeOffset() {
    return fields.partOffset(SCHEME);
  }

  /** The length of the scheme, or -1. */
  public int schemeLength() {
    return fields.partLength(SCHEME);
  }

  /** The scheme, in lower case, or null. */
  public @Nullable String scheme() {
    return fields.partText(SCHEME);
  }

  /** Sets the scheme; given in lower case. */
  public boolean setScheme(byte[] src, int offset, int length) {
    return fields.setPart(SCHEME, src, offset, length);
  }

  /** Sets the scheme; throws for what is no scheme. */
  public boolean setScheme(String scheme) {
    byte[] bytes = FieldText.latin(scheme);
    if (!Authority.isScheme(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not a scheme (RFC 3986 3.1): " + scheme);
    }
    return setScheme(bytes, 0, bytes.length);
  }

  /** Where the authority begins in {@link #bytes}. */
  public int authorityOffset() {
    return fields.partOffset(AUTHORITY);
  }

  /** The length of the authority, or -1. */
  public int authorityLength() {
    return fields.partLength(AUTHORITY);
  }

  /** The authority, host and optional port, or null. */
  public @Nullable String authority() {
    return fields.partText(AUTHORITY);
  }

  /** Sets the authority. */
  public boolean setAuthority(byte[] src, int offset, int length) {
    return fields.setPart(AUTHORITY, src, offset, length);
  }

  /** Sets the authority; throws for what is no host with an optional port. */
  public boolean setAuthority(String authority) {
    byte[] bytes = FieldText.latin(authority);
    if (!Authority.isValid(bytes, 0, bytes.length)) {
      throw new IllegalArgumentException("not host[:port] (RFC 9110 7.2): " + authority);
    }
    return setAuthority(bytes, 0, bytes.length);
  }

  /** Makes the authority absent. */
  public void clearAuthority() {
    fields.clearPart(AUTHORITY);
  }

  /** Where the path begins in {@link #bytes}. */
  public int pathOffset() {
    return fields.partOffset(PATH);
  }

  /** The length of the path, or -1. */
  public int pathLength() {
    return fields.partLength(PATH);
  }

  /** Path and query as in origin-form, or {@code *}, or null. */
  public @Nullable String path() {
    return fields.partText(PATH);
  }

  /** Sets path and query. */
  public boolean setPath(byte[] src, int offset, int length) {
    return fields.setPart(PATH, src, offset, length);
  }

  /** Sets the path of a target that has a query, with its question mark, and no path: a slash. */
  public boolean setPathOfQuery(byte[] src, int offset, int length) {
    return fields.setPart(PATH, ROOT, src, offset, length);
  }

  /** Sets path and query; throws unless it is {@code *} or begins with a slash. */
  public boolean setPath(String path) {
    byte[] bytes = FieldText.latin(path);
    if (!FieldSyntax.isTarget(bytes, 0, bytes.length) || (bytes[0] != '/' && !path.equals("*"))) {
      throw new IllegalArgumentException("not a path (RFC 9112 3.2.1): " + path);
    }
    return setPath(bytes, 0, bytes.length);
  }

  /** Makes the path absent. */
  public void clearPath() {
    fields.clearPart(PATH);
  }

  /** Whether the request asks for a tunnel: CONNECT, plain or extended. */
  public boolean isConnect() {
    return method == Method.CONNECT;
  }

  /** Whether the response will have no content whatever its fields say. */
  public boolean isHead() {
    return method == Method.HEAD;
  }

  /** Whether the request may be sent twice (RFC 9110 9.2.2). */
  public boolean idempotent() {
    return method.idempotent();
  }

  /** Whether the client waits for 100 before it sends the content (RFC 9110 10.1.1). */
  public boolean expectsContinue() {
    return fields.hasToken(FieldName.EXPECT, CONTINUE);
  }

  /** Makes this head equal to the other. False, with this one left empty, past a bound. */
  public boolean copyFrom(RequestHead other) {
    clear();
    if (!fields.copyFrom(other.fields)) {
      return false;
    }
    method = other.method;
    setVersion(other.version());
    return true;
  }

  @Override
  public void clear() {
    super.clear();
    method = Method.GET;
  }

  /** The request line and the fields, for logs and tests. */
  @Override
  public String toString() {
    return methodName()
        + ' '
        + scheme()
        + ' '
        + authority()
        + ' '
        + path()
        + ' '
        + version()
        + '\n'
        + fields;
  }
}
