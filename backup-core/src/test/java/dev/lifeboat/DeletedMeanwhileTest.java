package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another host, whose turns are not ours, deletes the very backup that is being read. */
class DeletedMeanwhileTest {
  @TempDir
  Path temp;

  private Shop shop;
  private BackupId id;

  @BeforeEach
  void build() {
    shop = new Shop(temp.resolve("work"));
    shop.makeBackups(5);
    id = shop.backups().list().get(4).id();
  }

  @ParameterizedTest
  @EnumSource
  void verifyDoesNotCallItDamaged(Depth depth) {
    BackupException thrown = Shop.failure(() -> deletedAt("shop/" + id + "/").verify(id, depth));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(thrown)
        .hasMessage("Cannot verify " + id + ": it was deleted from \"shop\" in "
            + shop.memory.description() + " meanwhile. Nothing was found out.");
    assertNoMarkIsLeft();
  }

  @Test
  void restoreDoesNotCallItDamaged() {
    byte[] live = shop.live();
    BackupException thrown = Shop.failure(() -> deletedAt("shop/" + id + "/").restore(id));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(thrown)
        .hasMessage("Cannot restore " + id + ": it was deleted from \"shop\" in "
            + shop.memory.description() + " meanwhile. What is live is as it was.");
    assertThat(shop.live()).isEqualTo(live);
    assertNoMarkIsLeft();
  }

  @Test
  void findAndVerifyDoNotMissWhatAuthenticatesIt() {
    String authentication = Shop.authentication(id).value();
    assertThat(deletedAt(authentication).find(id)).isEmpty();
    setUpAgain();
    BackupException thrown =
        Shop.failure(() -> deletedAt(Shop.authentication(id).value()).verify(id, Depth.CONTENT));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertNoMarkIsLeft();
  }

  @Test
  void damageIsStillDamageWhereThatCannotBeLearnt() {
    ObjectName part = ObjectName.of(shop.names().stream()
        .filter(name -> name.startsWith("shop/" + id + "/"))
        .findFirst()
        .orElseThrow());
    shop.memory.delete(part);
    FaultySink sink = FaultySink.over(shop.memory)
        .failingFrom(Call.LIST, 3, () -> new IOException("the store is gone"));
    Backups backups = shop.over(sink).build();
    BackupException thrown = Shop.failure(() -> backups.verify(id, Depth.CONTENT));
    assertThat(thrown.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(thrown.details()).containsExactly("orders: " + part + " is missing");
  }

  private void setUpAgain() {
    shop.makeBackups(1);
    id = shop.backups().list().get(4).id();
  }

  /** A host at whose first opening of such an object another one deletes the backup. */
  private Backups deletedAt(String prefix) {
    Backups other = shop.over(shop.memory, temp.resolve("other")).build();
    BackupSink sink = FaultySink.over(shop.memory).notAttesting();
    Runnable deletion = () -> other.forceDelete(id, "not needed");
    return shop.over(new Meanwhile(sink, Call.OPEN, prefix, deletion), temp.resolve("reader"))
        .build();
  }

  private void assertNoMarkIsLeft() {
    assertThat(shop.names()).noneMatch(name -> name.contains(id + ".damage"));
  }
}
