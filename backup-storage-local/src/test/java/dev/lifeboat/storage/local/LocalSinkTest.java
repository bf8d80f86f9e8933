package dev.lifeboat.storage.local;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Feature;
import com.google.common.jimfs.Jimfs;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.BackupSinkContract;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real disk and on three file systems in memory. */
class LocalSinkTest {
  @Nested
  class OnDisk implements BackupSinkContract {
    @TempDir
    Path directory;

    @Override
    public BackupSink emptySink() {
      return LocalSink.in(directory.resolve("backups"));
    }

    @Override
    public BackupSink again(BackupSink sink) {
      return emptySink();
    }
  }

  @Nested
  class OnUnix extends InMemory {
    OnUnix() {
      super(Configuration.unix().toBuilder().setAttributeViews("basic", "owner", "posix"), "/mnt");
    }
  }

  @Nested
  class OnWindows extends InMemory {
    OnWindows() {
      super(Configuration.windows().toBuilder(), "C:\\");
    }
  }

  /** Such as FAT. */
  @Nested
  class WithoutLinks extends InMemory {
    WithoutLinks() {
      super(Configuration.unix().toBuilder().setSupportedFeatures(Feature.FILE_CHANNEL), "/mnt");
    }
  }

  abstract static class InMemory implements BackupSinkContract {
    private final Configuration configuration;
    private final String parent;
    private FileSystem memory = Jimfs.newFileSystem();

    InMemory(Configuration.Builder configuration, String parent) {
      this.configuration = configuration.setWorkingDirectory(parent).build();
      this.parent = parent;
    }

    @BeforeEach
    void open() {
      memory = Jimfs.newFileSystem(configuration);
    }

    @AfterEach
    void close() throws IOException {
      memory.close();
    }

    @Override
    public BackupSink emptySink() {
      return LocalSink.in(memory.getPath(parent, "backups"));
    }

    @Override
    public BackupSink again(BackupSink sink) {
      return emptySink();
    }
  }
}
