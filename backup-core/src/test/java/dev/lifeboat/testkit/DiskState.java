package dev.lifeboat.testkit;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A {@link ForgetfulDisk} at one moment: nodes, and the changes of names that no folder was forced for yet. */
final class DiskState {
  /** A name in a folder, and what it stands for from now on, if for anything. */
  private record Slot(DiskNode.Folder folder, String name, Optional<DiskNode> node) {
    boolean isSame(Slot other) {
      return folder == other.folder && name.equals(other.name);
    }

    void in(Map<String, DiskNode> names) {
      if (node.isPresent()) {
        names.put(name, node.get());
      } else {
        names.remove(name);
      }
    }
  }

  /**
   * What one call does to names: all of it survives, or nothing.
   *
   * @param slots the names; a rename has two
   * @param removed the folder that it removes, which can only be done when its entries are gone
   */
  private record Change(List<Slot> slots, Optional<DiskNode.Folder> removed) {
    boolean needs(Change earlier) {
      return earlier.slots.stream()
          .anyMatch(one -> slots.stream().anyMatch(one::isSame)
              || removed.filter(folder -> folder == one.folder()).isPresent());
    }

    boolean isIn(DiskNode.Folder folder) {
      return slots.stream().anyMatch(slot -> slot.folder() == folder);
    }
  }

  private final DiskNode.Folder root =
      new DiskNode.Folder(PosixFilePermissions.fromString("rwxr-xr-x"), Instant.EPOCH);
  private final List<Change> unsynced = new ArrayList<>();
  private final Map<Long, DiskNode> open = new HashMap<>();
  private final Set<Long> appending = new HashSet<>();

  /** A channel goes on with what it was opened on, whatever becomes of the name. */
  void open(long channel, Path path) {
    open.put(channel, node(path));
  }

  void close(long channel) {
    open.remove(channel);
    appending.remove(channel);
  }

  void createFile(Path path, Set<PosixFilePermission> permissions, Instant now) {
    add(path, new DiskNode.File(permissions, now));
  }

  void createFolder(Path path, Set<PosixFilePermission> permissions, Instant now) {
    add(path, new DiskNode.Folder(permissions, now));
  }

  void link(Path path, Path existing) {
    add(path, file(existing));
  }

  void delete(Path path) {
    DiskNode node = node(path);
    Optional<DiskNode.Folder> removed = Optional.empty();
    if (node instanceof DiskNode.Folder folder) {
      require(folder.live.isEmpty(), path, "is not empty");
      removed = Optional.of(folder);
    }
    change(new Change(List.of(slot(path, Optional.empty())), removed));
  }

  void rename(Path from, Path to) {
    DiskNode node = node(from);
    if (find(to).filter(there -> there == node).isEmpty()) { // else POSIX does nothing
      change(new Change(
          List.of(slot(from, Optional.empty()), slot(to, Optional.of(node))), Optional.empty()));
    }
  }

  void write(long channel, long position, byte[] bytes, Instant now) {
    DiskNode.File file = opened(channel);
    file.write(appending.contains(channel) ? file.size() : position, bytes);
    file.modified = now;
  }

  /** From now on it writes where its file ends, wherever it says it is. */
  void appending(long channel) {
    appending.add(channel);
  }

  void truncate(long channel, long size, Instant now) {
    DiskNode.File file = opened(channel);
    file.truncate(size);
    file.modified = now;
  }

  void permit(Path path, Set<PosixFilePermission> permissions) {
    node(path).permit(permissions);
  }

  /** A file's bytes, not its name; a folder's names, not what they stand for. */
  void force(long channel) {
    DiskNode node = Objects.requireNonNull(open.get(channel), "an open channel");
    node.force();
    if (node instanceof DiskNode.Folder folder) {
      BitSet durable = new BitSet();
      for (int i = 0; i < unsynced.size(); i++) {
        durable.set(i, unsynced.get(i).isIn(folder));
      }
      settle(withAllTheyNeed(durable));
    }
  }

  void forceAll() {
    BitSet all = new BitSet();
    all.set(0, unsynced.size());
    settle(all);
    forceAll(root);
  }

  private static void forceAll(DiskNode.Folder folder) {
    folder.force();
    for (DiskNode node : folder.live.values()) {
      node.force();
      if (node instanceof DiskNode.Folder inner) {
        forceAll(inner);
      }
    }
  }

  private void settle(BitSet durable) {
    List<Change> rest = new ArrayList<>();
    for (int i = 0; i < unsynced.size(); i++) {
      if (durable.get(i)) {
        unsynced.get(i).slots().forEach(slot -> slot.in(slot.folder().durable));
      } else {
        rest.add(unsynced.get(i));
      }
    }
    unsynced.clear();
    unsynced.addAll(rest);
  }

  /** Who saw the later change of a name saw the earlier ones, and a folder that is gone was empty before. */
  private BitSet withAllTheyNeed(BitSet wanted) {
    BitSet all = (BitSet) wanted.clone();
    for (int i = unsynced.size() - 1; i > 0; i--) {
      for (int j = 0; all.get(i) && j < i; j++) {
        if (unsynced.get(i).needs(unsynced.get(j))) {
          all.set(j);
        }
      }
    }
    return all;
  }

  /** What a machine finds that comes up again. */
  DiskTree surviving(Survival survival) {
    BitSet names = new BitSet();
    for (int i = 0; i < unsynced.size(); i++) {
      names.set(i, survival.ofName());
    }
    names = withAllTheyNeed(names);
    Map<DiskNode.Folder, Map<String, DiskNode>> changed = new HashMap<>();
    for (int i = 0; i < unsynced.size(); i++) {
      if (names.get(i)) {
        for (Slot slot : unsynced.get(i).slots()) {
          slot.in(changed.computeIfAbsent(slot.folder(), folder -> new TreeMap<>(folder.durable)));
        }
      }
    }
    DiskTree.Builder tree = new DiskTree.Builder(survival);
    collect(tree, "", root, changed);
    return tree.build();
  }

  private static void collect(
      DiskTree.Builder tree,
      String prefix,
      DiskNode.Folder folder,
      Map<DiskNode.Folder, Map<String, DiskNode>> changed) {
    Map<String, DiskNode> names = changed.getOrDefault(folder, folder.durable);
    names.forEach((name, node) -> {
      tree.add(prefix + name, node);
      if (node instanceof DiskNode.Folder inner) {
        collect(tree, prefix + name + "/", inner, changed);
      }
    });
  }

  /** Whether nothing could be lost by a power cut now. */
  boolean isSynced() {
    return surviving(Survival.NONE).equals(surviving(Survival.ALL));
  }

  private void add(Path path, DiskNode node) {
    require(find(path).isEmpty(), path, "is there already");
    change(new Change(List.of(slot(path, Optional.of(node))), Optional.empty()));
  }

  private void change(Change change) {
    unsynced.add(change);
    change.slots().forEach(slot -> slot.in(slot.folder().live));
  }

  private Slot slot(Path path, Optional<DiskNode> node) {
    DiskNode parent = path.getParent() == null ? root : node(path.getParent());
    require(parent instanceof DiskNode.Folder, path, "lies in no folder");
    return new Slot((DiskNode.Folder) parent, path.getFileName().toString(), node);
  }

  private DiskNode.File file(Path path) {
    DiskNode node = node(path);
    require(node instanceof DiskNode.File, path, "is no file");
    return (DiskNode.File) node;
  }

  private DiskNode.File opened(long channel) {
    if (open.get(channel) instanceof DiskNode.File file) {
      return file;
    }
    throw new IllegalStateException("channel " + channel + " is open on no file");
  }

  private DiskNode node(Path path) {
    Optional<DiskNode> node = find(path);
    require(node.isPresent(), path, "is not there");
    return node.orElseThrow();
  }

  private Optional<DiskNode> find(Path path) {
    require(path.isAbsolute() && path.equals(path.normalize()), path, "is no absolute path");
    DiskNode node = root;
    for (Path name : path) {
      if (!(node instanceof DiskNode.Folder folder)) {
        return Optional.empty();
      }
      node = folder.live.get(name.toString());
      if (node == null) {
        return Optional.empty();
      }
    }
    return Optional.of(node);
  }

  /** What was told and cannot have happened: then whoever tells it is wrong, and nothing after it is worth anything. */
  private static void require(boolean held, Path path, String what) {
    if (!held) {
      throw new IllegalStateException(path + " " + what);
    }
  }
}
