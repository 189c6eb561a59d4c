package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.HopByHop;
import java.nio.ByteBuffer;

/**
 * Decodes the chunked coding (RFC 9112 7.1) where the bytes lie: content isn't copied, the caller
 * takes it from the buffer.
 *
 * <p>Use: {@link #decode}; on {@link Outcome#DATA} take up to {@link #available} bytes from the
 * position of the buffer, tell it by {@link #taken}, and decode again. A trailer line that isn't
 * complete stays in the buffer and must stand at its position on the next call.
 */
public final class ChunkDecoder {
  /** What came of a call. */
  public enum Outcome {
    /** More bytes are needed. */
    MORE,
    /** Content is here, at the position of the buffer. */
    DATA,
    /** The message is whole, its trailers are read; the buffer stands behind it. */
    END,
    /** {@link #error} tells what is wrong. */
    ERROR
  }

  /**
   *
   *
   * <pre>
   *   SIZE_START -> SIZE -> [EXTENSION] -> SIZE_LF -> DATA -> DATA_CR -> DATA_LF -> SIZE_START
   *                                          | size 0
   *                                          +-> TRAILERS -> END
   * </pre>
   */
  private enum State {
    SIZE_START,
    SIZE,
    EXTENSION_BLANK,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    END,
    FAILED
  }

  /** 63 bits, with some leading zeros. */
  private static final int SIZE_DIGITS_MAX = 16;

  private final FieldSection section = new FieldSection();
  private final int extensionBytesMax;
  private final int trailerBytesMax;
  private Fields trailers = new Fields(1, 1);
  private State state = State.END;
  private long size;
  private int digits;
  private int extensionBytes;
  private int available;
  private H1Error error = H1Error.NONE;

  /**
   * A decoder.
   *
   * @param extensionBytesMax bytes that all chunk extensions of a message may have together
   * @param trailerBytesMax bytes that the trailer section may have, line ends included
   */
  public ChunkDecoder(int extensionBytesMax, int trailerBytesMax) {
    this.extensionBytesMax = extensionBytesMax;
    this.trailerBytesMax = trailerBytesMax;
  }

  /** Begins a message; the trailers are cleared, and filled when they come. */
  public void begin(Fields trailers) {
    trailers.clear();
    this.trailers = trailers;
    state = State.SIZE_START;
    extensionBytes = 0;
    available = 0;
    error = H1Error.NONE;
  }

  /** What is wrong, after {@link Outcome#ERROR}. */
  public H1Error error() {
    return error;
  }

  /** How many bytes of content stand at the position of the buffer, after {@link Outcome#DATA}. */
  public int available() {
    return available;
  }

  /** So many bytes of content were taken from the buffer, whose position the caller has moved. */
  public void taken(int bytes) {
    assert state == State.DATA && bytes <= available;
    size -= bytes;
    available -= bytes;
    if (size == 0) {
      state = State.DATA_CR;
    }
  }

  /**
   * Reads on.
   *
   * @param in what has come, a heap buffer; lent for the call
   */
  public Outcome decode(ByteBuffer in) {
    while (in.hasRemaining()) {
      switch (state) {
        case DATA -> {
          available = (int) Math.min(size, in.remaining());
          return Outcome.DATA;
        }
        case TRAILERS -> {
          return trailers(in);
        }
        case END -> {
          return Outcome.END;
        }
        case FAILED -> {
          return Outcome.ERROR;
        }
        default -> step(in.get());
      }
    }
    return switch (state) {
      case END -> Outcome.END;
      case FAILED -> Outcome.ERROR;
      default -> Outcome.MORE;
    };
  }

  private Outcome trailers(ByteBuffer in) {
    return switch (section.read(in)) {
      case MORE -> Outcome.MORE;
      case ERROR -> {
        fail(section.error());
        yield Outcome.ERROR;
      }
      case END -> {
        // RFC 9110 6.5.1: what frames or routes a message has no effect here, and goes no further.
        HopByHop.stripTrailers(trailers);
        state = State.END;
        yield Outcome.END;
      }
    };
  }

  /** One byte outside of content. */
  private void step(byte b) {
    switch (state) {
      case SIZE_START -> {
        size = 0;
        digits = 0;
        // RFC 9112 7.1: at least one digit, nothing before it.
        if (hex(b) < 0) {
          fail(b == '\n' ? H1Error.BARE_LF : H1Error.BAD_CHUNK_SIZE);
        } else {
          digit(hex(b));
          state = error == H1Error.NONE ? State.SIZE : State.FAILED;
        }
      }
      case SIZE -> sizeByte(b);
      case EXTENSION_BLANK -> {
        // RFC 9112 7.1.1: white space may stand before the semicolon of an extension, not alone.
        if (b == ';') {
          extensionByte(b);
          state = error == H1Error.NONE ? State.EXTENSION : State.FAILED;
        } else if (FieldSyntax.isBlank(b)) {
          extensionByte(b);
        } else {
          fail(b == '\n' ? H1Error.BARE_LF : H1Error.BAD_CHUNK_SIZE);
        }
      }
      case EXTENSION -> {
        if (b == '\r') {
          state = State.SIZE_LF;
        } else {
          extensionByte(b);
        }
      }
      case SIZE_LF -> {
        if (b != '\n') {
          fail(H1Error.BARE_CR);
        } else if (size > 0) {
          state = State.DATA;
        } else {
          state = State.TRAILERS;
          section.begin(trailers, trailerBytesMax);
        }
      }
      case DATA_CR -> {
        if (b == '\r') {
          state = State.DATA_LF;
        } else {
          fail(b == '\n' ? H1Error.BARE_LF : H1Error.BAD_CHUNK_END);
        }
      }
      case DATA_LF -> {
        if (b == '\n') {
          state = State.SIZE_START;
        } else {
          fail(H1Error.BAD_CHUNK_END);
        }
      }
      default -> throw new AssertionError(state);
    }
  }

  private void sizeByte(byte b) {
    int value = hex(b);
    if (value >= 0) {
      digit(value);
    } else if (b == '\r') {
      state = State.SIZE_LF;
    } else if (b == ';') {
      state = State.EXTENSION;
      extensionByte(b);
    } else if (FieldSyntax.isBlank(b)) {
      state = State.EXTENSION_BLANK;
      extensionByte(b);
    } else {
      fail(b == '\n' ? H1Error.BARE_LF : H1Error.BAD_CHUNK_SIZE);
    }
  }

  private void digit(int value) {
    if (++digits > SIZE_DIGITS_MAX || size > Long.MAX_VALUE >> 4) {
      fail(H1Error.CHUNK_TOO_LARGE);
    } else {
      size = size << 4 | value;
    }
  }

  private void extensionByte(byte b) {
    if (b == '\n') {
      fail(H1Error.BARE_LF);
    } else if (++extensionBytes > extensionBytesMax || !FieldSyntax.isValueByte(b)) {
      fail(H1Error.BAD_CHUNK_EXTENSION);
    }
  }

  private void fail(H1Error found) {
    error = found;
    state = State.FAILED;
  }

  private static int hex(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    byte lower = FieldSyntax.lower(b);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
