package dev.lifeboat.testkit;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A file or folder of a {@link ForgetfulDisk}, whatever its names are: as it is on the platter, and as it is in memory. */
abstract sealed class DiskNode {
  Instant modified;
  private Set<PosixFilePermission> durablePermissions;
  private Set<PosixFilePermission> permissions;

  private DiskNode(Set<PosixFilePermission> permissions, Instant now) {
    this.permissions = permissions;
    this.durablePermissions = permissions; // they come with the node itself
    this.modified = now;
  }

  void permit(Set<PosixFilePermission> changed) {
    permissions = changed;
  }

  boolean hasUnsyncedPermissions() {
    return !permissions.equals(durablePermissions);
  }

  Set<PosixFilePermission> permissions(boolean survive) {
    return survive ? permissions : durablePermissions;
  }

  void force() {
    durablePermissions = permissions;
  }

  /** Its names are changed by {@link DiskState}, which knows what is not synced yet. */
  static final class Folder extends DiskNode {
    final Map<String, DiskNode> durable = new TreeMap<>();
    final Map<String, DiskNode> live = new TreeMap<>();

    Folder(Set<PosixFilePermission> permissions, Instant now) {
      super(permissions, now);
    }
  }

  /** Bytes on the platter, and what was done to them since. */
  static final class File extends DiskNode {
    private DiskContent durable = DiskContent.EMPTY;
    private final List<Edit> unsynced = new ArrayList<>();
    private long size;

    File(Set<PosixFilePermission> permissions, Instant now) {
      super(permissions, now);
    }

    void write(long position, byte[] bytes) {
      unsynced.add(Edit.write(position, bytes));
      size = Math.max(size, position + bytes.length);
    }

    /** Like the call of this name: never makes a file longer. */
    void truncate(long newSize) {
      if (newSize < size) {
        unsynced.add(Edit.resize(newSize));
        size = newSize;
      }
    }

    long size() {
      return size;
    }

    @Override
    void force() {
      super.force();
      durable = surviving(Survival.ALL);
      unsynced.clear();
    }

    DiskContent surviving(Survival survival) {
      DiskContent content = durable;
      for (Edit edit : unsynced) {
        Edit left = survival.of(edit);
        content = left.isNothing() ? content : DiskContent.of(left.applied(content.bytes()));
      }
      return content;
    }
  }

  /** One write or change of size, or what is left of it. */
  static final class Edit {
    private enum Kind {
      NOTHING,
      WRITE,
      /** The file has become longer, and nothing is there. */
      BLANK,
      RESIZE
    }

    /** Where it begins; of a change of size, the new size. */
    private final long position;

    private final byte[] bytes;
    private final Kind kind;

    private Edit(long position, byte[] bytes, Kind kind) {
      this.position = position;
      this.bytes = bytes;
      this.kind = kind;
    }

    static Edit write(long position, byte[] bytes) {
      return new Edit(position, bytes, Kind.WRITE);
    }

    static Edit resize(long size) {
      return new Edit(size, new byte[0], Kind.RESIZE);
    }

    Edit nothing() {
      return new Edit(position, bytes, Kind.NOTHING);
    }

    boolean isNothing() {
      return kind == Kind.NOTHING;
    }

    /** How many bytes it writes. */
    int length() {
      return bytes.length;
    }

    /** What is left of a write that ended with the last whole block before its {@code count}th byte. */
    Edit torn(int count, int block) {
      if (kind != Kind.WRITE) {
        return this;
      }
      long end = (position + count) / block * block;
      return end > position
          ? write(position, Arrays.copyOf(bytes, (int) (end - position)))
          : nothing();
    }

    Edit blank() {
      return kind == Kind.WRITE ? new Edit(position, bytes, Kind.BLANK) : this;
    }

    private int end() {
      return Math.toIntExact(position + bytes.length);
    }

    byte[] applied(byte[] content) {
      return switch (kind) {
        case NOTHING -> content;
        case RESIZE -> Arrays.copyOf(content, Math.toIntExact(position));
        case BLANK -> Arrays.copyOf(content, Math.max(content.length, end()));
        case WRITE -> {
          byte[] written = Arrays.copyOf(content, Math.max(content.length, end()));
          System.arraycopy(bytes, 0, written, Math.toIntExact(position), bytes.length);
          yield written;
        }
      };
    }
  }
}
