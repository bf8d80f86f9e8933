package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What does not fit is told before anything is fetched. */
class RestoreSpaceTest {
  @TempDir
  Path temp;

  @Test
  void moreThanTheWorkDirectoryCanHoldIsToldBeforeAnythingIsStaged() throws Exception {
    Shop shop = new Shop(temp.resolve("work"));
    shop.makeBackups(1);
    Backups backups = shop.backups();
    BackupId id = backups.list().get(0).id();
    byte[] live = shop.nextContent();
    long size = Long.MAX_VALUE / 4;
    shop.rewrite(
        id,
        manifest -> manifest.replaceFirst("(?s)(\"plain\": \\{\\s*\"size\": )[0-9]+", "$1" + size));
    RestoreRequest request = RestoreRequest.inPlace(id);

    RestorePlan plan = backups.planRestore(request);

    String objection = "staging needs " + 3 * size + " bytes in " + temp.resolve("work") + ", and ";
    assertThat(plan.objections()).hasSize(1);
    assertThat(plan.objections().get(0)).startsWith(objection).endsWith(" are free");
    BackupException thrown = failure(() -> backups.restore(request));
    assertThat(thrown.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(thrown.getMessage()).contains(objection).endsWith("What is live is as it was.");
    assertThat(shop.orders.isLive(live)).isTrue();
  }
}
