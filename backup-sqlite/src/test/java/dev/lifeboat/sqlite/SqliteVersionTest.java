package dev.lifeboat.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqliteVersionTest {
  @ParameterizedTest
  @CsvSource({
    "3.49.1,true",
    "3.51.2,true",
    "3.51,true",
    "3.51.3,false",
    "3.54.1,false",
    "4.0.0,false"
  })
  void whatMayCorruptDatabasesInWalIsKnown(String version, boolean mayCorrupt) {
    assertThat(SqliteVersion.of(version).mayCorruptWal()).isEqualTo(mayCorrupt);
  }
}
