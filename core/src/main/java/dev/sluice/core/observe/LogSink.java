package dev.sluice.core.observe;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Where lines go at last. Confined to the thread of the writer; may block. */
interface LogSink {
  /**
   * Takes whole lines, each with its line feed.
   *
   * @param bytes lent for the call
   */
  void write(byte[] bytes, int length) throws IOException;

  /** Hands on what it may have kept. */
  void flush() throws IOException;

  /** The end. */
  void close() throws IOException;

  /** A file, which is appended to. */
  static LogSink file(Path path) throws IOException {
    try {
      return stream(new FileOutputStream(path.toFile(), true), true);
    } catch (IOException e) {
      throw new IOException("the access log can't be opened: " + e.getMessage(), e);
    }
  }

  /** A stream; {@code owned} is whether it is closed at the end. */
  static LogSink stream(OutputStream stream, boolean owned) {
    return new LogSink() {
      @Override
      public void write(byte[] bytes, int length) throws IOException {
        stream.write(bytes, 0, length);
      }

      @Override
      public void flush() throws IOException {
        stream.flush();
      }

      @Override
      public void close() throws IOException {
        if (owned) {
          stream.close();
        } else {
          stream.flush();
        }
      }
    };
  }

  /** A logger, which gets each line as a message of its own. */
  static LogSink logger(Logger logger) {
    return new LogSink() {
      @Override
      public void write(byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
          if (bytes[i] == '\n') {
            logger.log(Level.INFO, new String(bytes, start, i - start, StandardCharsets.US_ASCII));
            start = i + 1;
          }
        }
      }

      @Override
      public void flush() {
        // A logger has its own ways.
      }

      @Override
      public void close() {
        // It belongs to whoever gave it.
      }
    };
  }
}
