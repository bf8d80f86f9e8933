package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A real WebDAV server on 127.0.0.1 over a directory, started for a test and stopped by it. */
public interface DavServer extends AutoCloseable {
  /** Who may use it. */
  String USER = "alice";

  /** Her password. */
  String PASSWORD = "correct horse";

  /** Of the collection, which is there. */
  URI uri();

  /** Where it keeps the collection's files. */
  Path files();

  @Override
  void close() throws IOException;

  /** A sink in it, with the right credentials. */
  default WebDavSink sink() {
    return WebDavSink.at(uri()).basic(USER, PASSWORD::toCharArray).allowPlainHttp();
  }

  /** Takes everything away that lies in the collection. */
  default void clear() throws IOException {
    List<Path> all;
    try (Stream<Path> walk = Files.walk(files())) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path one : all) {
      if (!one.equals(files())) {
        Files.delete(one);
      }
    }
  }
}
