package dev.lifeboat.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a power cut has left of a {@link ForgetfulDisk}. Two that are equal look the same to everybody. */
public final class DiskTree {
  private final Map<String, Entry> entries;

  private DiskTree(Map<String, Entry> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  /** A name. What it stands for is a folder if there is no content, or the file that has this other name too. */
  private record Entry(
      String permissions, Optional<DiskContent> content, String sameAs, Instant modified) {
    boolean looksLike(Entry other) {
      return permissions.equals(other.permissions)
          && sameAs.equals(other.sameAs)
          && modified.equals(other.modified)
          && content.map(DiskContent::digest).equals(other.content.map(DiskContent::digest));
    }
  }

  /** Collects them, folders before what lies in them. */
  static final class Builder {
    private final Survival survival;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<DiskNode, String> names = new HashMap<>();
    private final Map<DiskNode, DiskContent> contents = new HashMap<>();

    Builder(Survival survival) {
      this.survival = survival;
    }

    void add(String path, DiskNode node) {
      String first = Objects.requireNonNullElse(names.putIfAbsent(node, path), "");
      Set<PosixFilePermission> permissions = first.isEmpty()
          ? node.permissions(!node.hasUnsyncedPermissions() || survival.ofName())
          : Set.of();
      Optional<DiskContent> content = node instanceof DiskNode.File file
          ? Optional.of(contents.computeIfAbsent(node, n -> file.surviving(survival)))
          : Optional.empty();
      entries.put(
          path,
          new Entry(PosixFilePermissions.toString(permissions), content, first, node.modified));
    }

    DiskTree build() {
      return new DiskTree(entries);
    }
  }

  /** Every path in it, without the first slash; those of folders end in one. */
  public List<String> paths() {
    List<String> paths = new ArrayList<>();
    entries.forEach((path, entry) -> paths.add(entry.content().isPresent() ? path : path + "/"));
    return paths;
  }

  /** A copy of a file's bytes; empty if there is no such file. */
  public Optional<byte[]> content(String path) {
    return Optional.ofNullable(entries.get(path))
        .flatMap(Entry::content)
        .map(content -> content.bytes().clone());
  }

  /**
   * Makes all of it in an empty directory, say the root of a new file system: with the same permissions where that knows
   * any, the same times of files, and the same hard links.
   */
  public void writeTo(Path directory) throws IOException {
    boolean posix = directory.getFileSystem().supportedFileAttributeViews().contains("posix");
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      Path path = directory.resolve(each.getKey());
      if (entry.content().isEmpty()) {
        Files.createDirectory(path);
      } else if (!entry.sameAs().isEmpty()) {
        Files.createLink(path, directory.resolve(entry.sameAs()));
      } else {
        Files.write(path, entry.content().get().bytes());
        Files.setLastModifiedTime(path, FileTime.from(entry.modified()));
      }
      if (posix && entry.sameAs().isEmpty()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(entry.permissions()));
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DiskTree tree
        && entries.keySet().equals(tree.entries.keySet())
        && entries.entrySet().stream()
            .allMatch(each ->
                each.getValue().looksLike(Objects.requireNonNull(tree.entries.get(each.getKey()))));
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      hash = 31 * hash
          + Objects.hash(
              each.getKey(), entry.permissions(), entry.content().map(DiskContent::digest));
    }
    return hash;
  }

  /** One line for every path: permissions, size, path; or of a file that had one already, its other name. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    entries.forEach((path, entry) -> text.append("  ").append(line(path, entry)).append('\n'));
    return text.toString();
  }

  private static String line(String path, Entry entry) {
    if (!entry.sameAs().isEmpty()) {
      return path + " = " + entry.sameAs();
    }
    return entry.permissions() + " "
        + entry.content().map(content -> content.bytes().length + " " + path).orElse(path + "/");
  }
}
