package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
  @TempDir
  Path directory;

  @Test
  void onlyWhatAnOnlineBackupChangesIsLeftOut() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 2);
    byte[] bytes = Files.readAllBytes(database);
    List<Integer> unseen = new ArrayList<>();
    for (int i = 0; i < bytes.length; i += i < 128 ? 1 : 97) {
      byte[] other = bytes.clone();
      other[i] ^= 1;
      Path changed = Files.write(directory.resolve("changed.db"), other);
      if (Fingerprint.same(database, changed)) {
        unseen.add(i);
      }
    }
    assertThat(unseen)
        .isEqualTo(IntStream.range(0, 100)
            .filter(
                i -> i == 18 || i == 19 || (i >= 24 && i < 28) || (i >= 40 && i < 44) || i >= 92)
            .boxed()
            .toList());
  }

  @Test
  void aShorterOrLongerCopyIsAnother() throws Exception {
    Path database = Databases.shop(directory.resolve("shop.db"), 2);
    byte[] bytes = Files.readAllBytes(database);
    Path longer = directory.resolve("longer.db");
    Files.write(longer, java.util.Arrays.copyOf(bytes, bytes.length + 1));
    assertThat(Fingerprint.same(database, longer)).isFalse();
    assertThat(Fingerprint.of(database)).isNotEqualTo(Fingerprint.of(longer));
  }
}
