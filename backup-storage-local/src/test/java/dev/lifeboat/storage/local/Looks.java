package dev.lifeboat.storage.local;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Short ways to put, read and look, for the tests of this package. */
final class Looks {
  private Looks() {}

  static ObjectName named(String name) {
    return ObjectName.of(name);
  }

  static void put(BackupSink sink, String name, int size) throws IOException {
    sink.put(named(name), Content.of(new byte[size]));
  }

  static int sizeOf(BackupSink sink, String name) throws IOException {
    try (InputStream in = sink.open(named(name))) {
      return in.readAllBytes().length;
    }
  }

  static List<String> names(BackupSink sink) throws IOException {
    return sink.list("").stream().map(object -> object.name().value()).toList();
  }

  /** Every file and folder below, as it lies there, hidden ones too; folders end in "/". */
  static List<String> everythingIn(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(path -> !path.equals(directory))
          .map(path -> directory.relativize(path)
              + (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) ? "/" : ""))
          .sorted()
          .collect(Collectors.toCollection(ArrayList::new));
    }
  }
}
