package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.testkit.DiskCall;
import dev.lifeboat.testkit.DiskCall.Operation;
import dev.lifeboat.testkit.WatchedDisk;
import dev.lifeboat.testkit.Watcher;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
  @TempDir
  Path temp;

  @Test
  void whatMayOnlyBeReadIsSyncedToo() throws Exception {
    Path readOnly = Files.write(temp.resolve("read-only"), new byte[3]);
    Path writable = Files.write(temp.resolve("writable"), new byte[3]);
    List<Path> forced = new ArrayList<>();
    Path watched = WatchedDisk.over(temp, new Watcher() {
      @Override
      public <T> T call(DiskCall call, Effect<T> effect) throws IOException {
        if (call.path().equals(readOnly) && call.options().contains(StandardOpenOption.WRITE)) {
          throw new AccessDeniedException(readOnly.toString());
        }
        if (call.operation() == Operation.FORCE) {
          forced.add(call.path());
        }
        return effect.run();
      }
    });
    PrivateFiles.syncTree(watched);
    assertThat(forced).contains(readOnly, writable, temp);
  }
}
