package dev.lifeboat.storage.local;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;

/** A unix file system in memory, with an empty {@code /mnt}. */
final class Memory implements AutoCloseable {
  private final FileSystem memory;

  private Memory(Configuration configuration) throws IOException {
    memory = Jimfs.newFileSystem(configuration);
    Files.createDirectory(at("/mnt"));
  }

  static Memory unix() throws IOException {
    return new Memory(unixBuilder().build());
  }

  /** The same, whose files bear the times of this clock, and nothing in it yet. */
  static FileSystem unix(Clock clock) {
    return Jimfs.newFileSystem(
        unixBuilder().setFileTimeSource(() -> FileTime.from(clock.instant())).build());
  }

  static Memory ofSize(long bytes) throws IOException {
    return new Memory(unixBuilder().setBlockSize(512).setMaxSize(bytes).build());
  }

  static Memory withoutLinks() throws IOException {
    return new Memory(unixBuilder().setSupportedFeatures(Feature.FILE_CHANNEL).build());
  }

  Path at(String path) {
    return memory.getPath(path);
  }

  @Override
  public void close() throws IOException {
    memory.close();
  }

  private static Configuration.Builder unixBuilder() {
    return Configuration.unix().toBuilder()
        .setAttributeViews("basic", "owner", "posix", "unix")
        .setWorkingDirectory("/");
  }
}
