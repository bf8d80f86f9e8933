package dev.lifeboat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Objects as files, so that large ones take none of the heap. Neither durable nor safe: for what a store may hold. */
final class FolderSink implements BackupSink {
  private final Path root;

  FolderSink(Path root) {
    this.root = root;
  }

  Path file(ObjectName name) {
    return root.resolve(name.value());
  }

  @Override
  public StoredObject put(ObjectName name, Content content) throws IOException {
    Files.createDirectories(file(name).resolveSibling("."));
    try (InputStream in = content.open()) {
      Files.copy(in, file(name));
    }
    return stored(file(name), name.value());
  }

  @Override
  public InputStream open(ObjectName name) throws IOException {
    return Files.newInputStream(file(name));
  }

  @Override
  public List<StoredObject> list(String folder) throws IOException {
    List<StoredObject> all = new ArrayList<>();
    Path top = root.resolve(folder);
    if (Files.isDirectory(top)) {
      try (var files = Files.walk(top)) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          String name = root.relativize(file).toString();
          if (ObjectName.isValid(name)) {
            all.add(stored(file, name));
          }
        }
      }
    }
    all.sort(Comparator.comparing(StoredObject::name));
    return all;
  }

  private static StoredObject stored(Path file, String name) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new StoredObject(
        ObjectName.of(name),
        attributes.size(),
        attributes.lastModifiedTime().toInstant(),
        Optional.empty());
  }

  @Override
  public void delete(ObjectName name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  @Override
  public String description() {
    return "folder " + root;
  }
}
