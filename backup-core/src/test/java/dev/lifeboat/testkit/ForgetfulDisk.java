package dev.lifeboat.testkit;

import dev.lifeboat.testkit.DiskCall.Operation;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A disk that forgets, at a power cut, what was not forced: it works as the file system behind it does, notes every
 * operation, and tells what a machine may find that comes up again after any of them.
 *
 * <pre>{@code
 * ForgetfulDisk disk = ForgetfulDisk.over(jimfs.getPath("/"), clock);
 * write(disk.root().resolve("report"));
 * disk.forEveryCut(cut -> {
 *   for (DiskTree tree : cut.trees(seed, 16)) {
 *     tree.writeTo(another.getPath("/"));
 *     look(another.getPath("/report"));
 *   }
 * });
 * }</pre>
 *
 * <p>Forcing a file makes its bytes durable, not its name; forcing a folder makes its names durable, not what they stand
 * for. Of all else any part may survive, in no order: a name without its bytes, the second write without the first, a
 * write as far as some block of 512 or 4096 bytes, or only the length that it gave the file. What cannot happen does not:
 * a rename survives as a whole or not at all, nothing lies in a folder that is not there, and a folder is removed only
 * when its entries are.
 *
 * <p>Symbolic links are not supported. Safe for several threads, whose operations it takes one after the other.
 */
public final class ForgetfulDisk {
  /** What was done. Only what changes what a power cut leaves is an operation. */
  private record Logged(String words, boolean isOperation, Consumer<DiskState> effect) {}

  private final Clock clock;
  private final boolean posix;
  private final Path behind;
  private final Path watched;
  private final DiskState live = new DiskState();
  private final List<Logged> log = new ArrayList<>();
  private int begin;

  private ForgetfulDisk(Path root, Clock clock) throws IOException {
    this.clock = clock;
    this.behind = root;
    this.posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
    this.watched = WatchedDisk.over(root, new Recorder());
    takeOver();
  }

  /**
   * A disk in front of a whole file system that nobody else uses. What is there already is durable.
   *
   * @param root the file system's only root
   * @param clock for the times that files bear after a power cut
   */
  public static ForgetfulDisk over(Path root, Clock clock) throws IOException {
    if (!root.isAbsolute() || root.getNameCount() > 0) {
      throw new IllegalArgumentException("root must be a root, was " + root);
    }
    return new ForgetfulDisk(root, Objects.requireNonNull(clock, "clock"));
  }

  /** Its root: what is done by this path and by those reached from it is noted. */
  public Path root() {
    return watched;
  }

  /** All that was done so far is durable, and is no moment for a power cut any more. */
  public synchronized void sync() {
    note("everything is synced", DiskState::forceAll);
    begin = log.size();
  }

  /** How many operations there have been since {@link #sync}, or since the disk was made. */
  public synchronized int operations() {
    return (int) log.stream().skip(begin).filter(Logged::isOperation).count();
  }

  /** What these were, for messages. */
  public synchronized List<String> told() {
    return log.stream()
        .skip(begin)
        .filter(Logged::isOperation)
        .map(Logged::words)
        .toList();
  }

  /** The power fails now. */
  public synchronized PowerCut cut() {
    List<String> told = told();
    return new PowerCut(live, told.size(), told.isEmpty() ? "" : told.get(told.size() - 1));
  }

  /** Goes through all moments, from before the first operation to after the last, and cuts the power at each. */
  public synchronized void forEveryCut(Consumer<PowerCut> look) {
    DiskState state = new DiskState();
    log.subList(0, begin).forEach(logged -> logged.effect().accept(state));
    look.accept(new PowerCut(state, 0, ""));
    int after = 0;
    for (Logged logged : log.subList(begin, log.size())) {
      logged.effect().accept(state);
      if (logged.isOperation()) {
        look.accept(new PowerCut(state, ++after, logged.words()));
      }
    }
  }

  private void takeOver() throws IOException {
    Files.walkFileTree(behind, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
          throws IOException {
        if (!folder.equals(behind)) {
          created(folder, true);
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        filled(file, 0);
        return FileVisitResult.CONTINUE;
      }
    });
    sync();
  }

  /** A new file with all that is in it. */
  private void filled(Path file, long channel) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Instant time = Files.getLastModifiedTime(file).toInstant();
    created(file, false);
    note("write " + file, state -> {
      state.open(channel, file);
      state.write(channel, 0, bytes, time);
      state.close(channel);
    });
  }

  private void created(Path path, boolean folder) throws IOException {
    Set<PosixFilePermission> permissions = permissions(path);
    Instant now = clock.instant();
    note((folder ? "make folder " : "make file ") + path, state -> {
      if (folder) {
        state.createFolder(path, permissions, now);
      } else {
        state.createFile(path, permissions, now);
      }
    });
  }

  private Set<PosixFilePermission> permissions(Path path) throws IOException {
    if (posix) {
      return Set.copyOf(Files.getPosixFilePermissions(path));
    }
    return PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--");
  }

  private void note(String words, Consumer<DiskState> effect) {
    note(words, true, effect);
  }

  private synchronized void note(String words, boolean isOperation, Consumer<DiskState> effect) {
    effect.accept(live);
    log.add(new Logged(words, isOperation, effect));
  }

  /** Notes what has had its effect. */
  private final class Recorder implements Watcher {
    @Override
    public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
      return switch (call.operation()) {
        case OPEN,
            WRITE,
            TRUNCATE,
            FORCE,
            CLOSE,
            CREATE_DIRECTORY,
            CREATE_LINK,
            MOVE,
            COPY,
            DELETE,
            SET_ATTRIBUTE -> noted(call, effect);
        case CREATE_SYMBOLIC_LINK -> throw new UnsupportedOperationException(call.toString());
        default -> effect.run();
      };
    }

    private <T> T noted(DiskCall call, Effect<T> effect) throws IOException {
      synchronized (ForgetfulDisk.this) {
        boolean wasThere = call.operation() == Operation.OPEN
            && Files.exists(call.path(), LinkOption.NOFOLLOW_LINKS);
        T result = effect.run();
        note(call, wasThere, result);
        return result;
      }
    }

    private void note(DiskCall call, boolean wasThere, Object result) throws IOException {
      Path path = absolute(call.path());
      long channel = call.channel();
      Instant now = clock.instant();
      switch (call.operation()) {
        case OPEN -> opened(call, path, wasThere, now);
        case WRITE -> wrote(call, (Integer) result, now);
        case TRUNCATE -> note(call, state -> state.truncate(channel, call.position(), now));
        case FORCE -> note(call, state -> state.force(channel));
        case CLOSE -> ForgetfulDisk.this.note("", false, state -> state.close(channel));
        case CREATE_DIRECTORY -> created(path, true);
        case CREATE_LINK -> note(call, state -> state.link(other(call), path));
        case MOVE -> note(call, state -> state.rename(path, other(call)));
        case COPY -> filled(other(call), -1);
        case DELETE -> note(call, state -> state.delete(path));
        default -> { // SET_ATTRIBUTE
          Set<PosixFilePermission> permissions = permissions(path);
          note(call, state -> state.permit(path, permissions));
        }
      }
    }

    private void opened(DiskCall call, Path path, boolean wasThere, Instant now)
        throws IOException {
      if (call.options().contains(StandardOpenOption.DELETE_ON_CLOSE)) {
        throw new UnsupportedOperationException(call.toString());
      }
      if (!wasThere) {
        created(path, false);
      }
      ForgetfulDisk.this.note("", false, state -> state.open(call.channel(), path));
      if (wasThere
          && call.opensForWriting()
          && call.options().contains(StandardOpenOption.TRUNCATE_EXISTING)) {
        note(call, state -> state.truncate(call.channel(), 0, now));
      }
      if (call.options().contains(StandardOpenOption.APPEND)) {
        ForgetfulDisk.this.note("", false, state -> state.appending(call.channel()));
      }
    }

    private void wrote(DiskCall call, int count, Instant now) {
      byte[] bytes = new byte[count];
      call.bytes().duplicate().get(bytes);
      note(call, state -> state.write(call.channel(), call.position(), bytes, now));
    }

    private void note(DiskCall call, Consumer<DiskState> effect) {
      ForgetfulDisk.this.note(call.toString(), effect);
    }

    private Path other(DiskCall call) {
      return absolute(call.other().orElseThrow());
    }

    private Path absolute(Path path) {
      return behind.resolve(path.toAbsolutePath()).normalize();
    }
  }
}
