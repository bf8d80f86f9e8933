package dev.lifeboat.storage.local;

import dev.lifeboat.sink.Digest;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.testkit.Report.Making;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/** The live documents of one host: files, each replaced as a whole, and beside them a list of all that was ever written. */
final class Live {
  static final List<String> NEEDED = List.of("orders", "stock");
  static final String OPTIONAL = "notes";
  static final List<String> ALL = List.of("orders", "stock", OPTIONAL);

  private final Path directory;
  private final Path written;
  private final Set<String> unreadable = new HashSet<>();
  private int refusedFrom = Integer.MAX_VALUE;
  private int refusedBefore = Integer.MAX_VALUE;
  private int given;

  /** In a directory of its own; its neighbours share the list. */
  Live(Path directory) {
    this.directory = directory;
    this.written = directory.resolveSibling("written");
    try {
      Files.createDirectories(directory);
      for (String name : ALL) {
        if (!Files.exists(directory.resolve(name))) {
          write(name, ("the first " + name).getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  BackupSource source(String name) {
    return BytesSource.of(name, () -> read(name), document -> receive(name, document));
  }

  /** Nobody can read this one until all is {@link #well}. */
  void failReading(String name) {
    unreadable.add(name);
  }

  /** The n-th document that is given back from now on is refused, and so many after it. */
  void refuse(int nth, int times) {
    refusedFrom = given + nth;
    refusedBefore = refusedFrom + times;
  }

  void well() {
    unreadable.clear();
    refusedFrom = Integer.MAX_VALUE;
  }

  /** The application goes on working. */
  void change(Random random) {
    for (String name : ALL) {
      try {
        write(name, content(random));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Whether each document is one that some application wrote, whoever was killed while he replaced it. */
  boolean isWhole() throws IOException {
    Set<String> whole = new HashSet<>(Files.readAllLines(written));
    for (Map.Entry<String, Digest> document : digests().entrySet()) {
      if (!whole.contains(document.getKey() + " " + document.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** What a backup of these, or of all if none is named, should hold now. */
  Making making(Collection<String> chosen, boolean pinned, Optional<Instant> keepUntil) {
    Map<String, Digest> contents = digests();
    contents.keySet().removeAll(unreadable);
    if (!chosen.isEmpty()) {
      contents.keySet().retainAll(chosen);
    }
    return new Making(contents, contents.size() == ALL.size(), pinned, keepUntil);
  }

  Map<String, Digest> digests() {
    Map<String, Digest> digests = new TreeMap<>();
    for (String name : ALL) {
      try {
        digests.put(name, Digest.of(Files.readAllBytes(directory.resolve(name))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return digests;
  }

  /** From nothing to some hundred KB, as good as random or well compressible. */
  private static byte[] content(Random random) {
    int size =
        switch (random.nextInt(12)) {
          case 0 -> 0;
          case 1, 2, 3, 4 -> 1 + random.nextInt(1000);
          case 5 -> (64 << 10) * (1 + random.nextInt(2)) + random.nextInt(3) - 1;
          case 6 -> random.nextInt(400_000);
          default -> random.nextInt(30_000);
        };
    byte[] content = new byte[size];
    random.nextBytes(content);
    if (size > 100 && random.nextBoolean()) {
      Arrays.fill(content, 50, size, (byte) 'x');
    }
    return content;
  }

  private byte[] read(String name) throws IOException {
    if (unreadable.contains(name)) {
      throw new IOException("nobody can read " + name);
    }
    return Files.readAllBytes(directory.resolve(name));
  }

  private void receive(String name, byte[] document) throws IOException {
    given++;
    if (given >= refusedFrom && given < refusedBefore) {
      throw new IOException(name + " is refused");
    }
    set(name, document);
  }

  private void write(String name, byte[] document) throws IOException {
    Files.writeString(
        written,
        name + " " + Digest.of(document) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    set(name, document);
  }

  private void set(String name, byte[] document) throws IOException {
    Path next = directory.resolve(name + ".next");
    Files.write(next, document);
    Files.move(next, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
