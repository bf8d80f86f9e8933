package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What the sink contract puts and how it looks at it. */
final class SinkContents {
  private SinkContents() {}

  /** As good as random, the same at every call, and other for every size. */
  static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** The first of them. */
  static byte[] bytes(int size, int first) {
    return Arrays.copyOf(bytes(size), first);
  }

  static byte[] kept(BackupSink sink, ObjectName name) throws IOException {
    try (InputStream in = sink.open(name)) {
      return in.readAllBytes();
    }
  }

  static ObjectName named(String name) {
    return ObjectName.of(name);
  }

  static List<String> names(List<StoredObject> objects) {
    return objects.stream().map(object -> object.name().value()).toList();
  }

  /** These bytes, which are not what is said of them. */
  static Content lying(byte[] bytes, Digest said) {
    return new Content() {
      @Override
      public Digest digest() {
        return said;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  /** Neither listed nor opened: the only thing that was put is not there. */
  static void assertNothingAt(BackupSink sink, ObjectName name) throws IOException {
    assertEquals(List.of(), sink.list(""));
    assertThrows(NoSuchFileException.class, () -> sink.open(name));
  }
}
