package dev.lifeboat.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentityTest {
  private static final Identity LIVE = identity("shop", "production", "db1", "7");

  @Test
  void theSameIdentityOnAnyMachineMayBeRestored() {
    assertThat(LIVE.differencesFrom(LIVE)).isEmpty();
    assertThat(identity("shop", "production", "new-machine", "7").differencesFrom(LIVE))
        .isEmpty();
  }

  @Test
  void everyDifferenceIsNamed() {
    assertThat(identity("till", "staging", "db1", "8").differencesFrom(LIVE))
        .containsExactly(
            "its application is \"till\", here it is \"shop\"",
            "its environment is \"staging\", here it is \"production\"",
            "its schema version is \"8\", here it is \"7\"");
  }

  @Test
  void aSchemaVersionCountsOnlyWhereBothNameOne() {
    Identity silent = new Identity("shop", "production", "db1", Optional.empty());
    assertThat(silent.differencesFrom(LIVE)).isEmpty();
    assertThat(LIVE.differencesFrom(silent)).isEmpty();
  }

  @Test
  void whatComesFromABackupIsMadePrintable() {
    assertThat(identity("a\nb", "production", "", "7").differencesFrom(LIVE))
        .containsExactly("its application is \"a\\u000ab\", here it is \"shop\"");
  }

  private static Identity identity(
      String application, String environment, String host, String schemaVersion) {
    return new Identity(application, environment, host, Optional.of(schemaVersion));
  }
}
