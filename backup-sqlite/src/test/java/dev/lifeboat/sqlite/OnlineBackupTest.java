package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lifeboat.sink.NoSpaceException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whether it is for want of room that a private copy failed. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "needs prlimit")
class OnlineBackupTest {
  private static final int IOERR = 10;
  private static final int FULL = 13;
  private static final long MIB = 1 << 20;

  @TempDir
  Path temp;

  private Path copy() {
    return temp.resolve("copy.db");
  }

  private void requireRoom(long size, long reached, int code) throws Exception {
    OnlineBackup.requireRoom(temp.resolve("shop.db"), copy(), size, reached, code);
  }

  @Test
  void whatIsLargerThanTheRoomThatIsFreeIsNotTriedOut() throws Exception {
    Files.write(copy(), new byte[9]);
    long size = Long.MAX_VALUE / 2;
    try (FileSizeLimit limit = FileSizeLimit.of(24 * MIB)) { // or a defect would fill the disk
      assertThat(limit).isNotNull();
      NoSpaceException thrown =
          assertThrows(NoSpaceException.class, () -> requireRoom(size, 0, IOERR));
      assertThat(thrown.getMessage())
          .matches("no space for the private copy " + copy() + " of " + temp.resolve("shop.db")
              + " \\(needs a little more than " + size
              + " bytes, [0-9]+ are free\\)\\. Nothing was copied\\.");
    }
    assertThat(copy()).doesNotExist();
  }

  @Test
  void whatSqliteCallsFullIsFull() {
    NoSpaceException thrown = assertThrows(NoSpaceException.class, () -> requireRoom(1, 0, FULL));
    assertThat(thrown.getMessage())
        .startsWith("no space for the private copy " + copy() + " of " + temp.resolve("shop.db")
            + " (needs a little more than 1 bytes, ");
  }

  /** A database that cannot be read fails as one that cannot be written, and may be as large as the disk. */
  @Test
  void noMoreIsTriedOutThanCanHaveBeenWritten() throws Exception {
    long size = 64 * MIB;
    try (FileSizeLimit limit = FileSizeLimit.of(24 * MIB)) {
      assertThat(limit).isNotNull();
      assertThatCode(() -> requireRoom(size, 0, IOERR)).doesNotThrowAnyException();
      assertThat(copy()).doesNotExist();
      NoSpaceException thrown =
          assertThrows(NoSpaceException.class, () -> requireRoom(size, 16 * MIB, IOERR));
      assertThat(thrown.getMessage())
          .matches("no space for the private copy " + copy() + " of " + temp.resolve("shop.db")
              + ": File too large \\(needs a little more than " + size
              + " bytes, [0-9]+ are free\\)\\. Nothing was copied\\.");
    }
    assertThat(copy()).doesNotExist();
  }
}
