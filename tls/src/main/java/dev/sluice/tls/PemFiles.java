package dev.sluice.tls;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The PEM files that a configuration names; what is wrong with one is told where it is named. */
final class PemFiles {
  private static final int BYTES_MAX = 4 << 20;

  private PemFiles() {}

  /** The text of a file; null once a problem was added. */
  static @Nullable String text(ConfigNode node, ConfigProblems problems) {
    if (node.kind() != ConfigNode.Kind.TEXT || node.text().isEmpty()) {
      problems.add(node, node.described() + " is given: the name of a file is valid");
      return null;
    }
    Path file = node.resolve(node.text());
    try {
      if (Files.isDirectory(file)) {
        problems.add(node, node.described() + " is a directory: a file is valid");
        return null;
      }
      if (Files.size(file) > BYTES_MAX) {
        problems.add(node, node.described() + " is larger than any PEM file");
        return null;
      }
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      problems.add(node, node.described() + " can't be read: " + words(e, file));
      return null;
    }
  }

  private static String words(IOException e, Path file) {
    if (e instanceof NoSuchFileException) {
      return "there is no file " + file;
    }
    return e instanceof AccessDeniedException
        ? "permission denied for " + file
        : String.valueOf(e.getMessage());
  }

  /** The certificates of a file; empty once a problem was added. */
  static List<X509Certificate> certificates(ConfigNode node, ConfigProblems problems) {
    String text = text(node, problems);
    if (text == null) {
      return List.of();
    }
    try {
      return Pem.certificates(text);
    } catch (IllegalArgumentException e) {
      problems.add(node, node.described() + ": " + e.getMessage());
      return List.of();
    }
  }
}
