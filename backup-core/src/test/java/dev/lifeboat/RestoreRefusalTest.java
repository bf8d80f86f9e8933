package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What speaks against a restore, all of it told at once, before anything is touched. */
class RestoreRefusalTest extends ShopTest {
  private static final String NEW = "orders 2, users 2, notes 2";

  private static String refused(BackupId id, String why) {
    return "Cannot restore " + id + " of \"shop\" in memory shelf: " + why
        + ". What is live is as it was.";
  }

  @Test
  void aBackupThatIsNotThereIsNotFound() {
    BackupId id = BackupId.parse("20260214T143045Z-manual-k7f3q2ab");

    BackupException e = failure(() -> shop().build().restore(id));

    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(e)
        .hasMessage("Cannot restore " + id
            + ": there is no such backup in \"shop\" in memory shelf. What is live is as it was.");
  }

  @Test
  void componentsThatItDoesNotHaveAreNotFound() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);

    BackupException e =
        failure(() -> backups.restore(RestoreRequest.inPlace(id, "orders", "zoo", "a\nb")));

    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(e).hasMessage(refused(id, "it has no component \"a\\u000ab\", \"zoo\""));
    assertThat(failure(() ->
            backups.restore(RestoreRequest.elsewhere(id, "zoo", orders.file(temp.resolve("x"))))))
        .hasMessage(refused(id, "it has no component \"zoo\""));
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void anotherTypeIsRefused() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.type = "stone";

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    assertThat(e)
        .hasMessage(refused(id, "\"users\" is of type paper, and the paper users takes stone"));
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void aComponentThatIsNotInItIsRefusedUnlessTheOthersAreNamed() {
    users.at("open", Paper.failing("on\nholiday"));
    Backups backups = bare().source(orders).optionalSource(users).build();
    BackupId id = backedUp(backups);
    users.heal();

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    assertThat(e)
        .hasMessage(
            refused(
                id,
                "\"users\" is not in it (on\\u000aholiday); name the components that are to be restored"));
    backups.restore(RestoreRequest.inPlace(id, "orders"));
    assertThat(live()).isEqualTo("orders 1, users 2, notes 2");
  }

  @Test
  void aComponentWithoutASourceHereIsRefused() {
    BackupId id = backedUp(shop().build());

    BackupException e =
        failure(() -> bare().source(orders).source(notes).build().restore(id));

    assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    assertThat(e)
        .hasMessage(refused(id, "there is no source \"users\" here that it could go back to"));
  }

  @Test
  void anotherIdentityIsRefusedUnlessItIsAskedFor() {
    BackupId id = backedUp(shop()
        .application("shop")
        .environment("production")
        .schemaVersion(() -> "3")
        .build());
    Backups other =
        shop().application("pub").environment("test").schemaVersion(() -> "4").build();

    BackupException e = failure(() -> other.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    assertThat(e.details())
        .containsExactly(
            "its application is \"shop\", here it is \"pub\" (acrossIdentities(why) allows it)",
            "its environment is \"production\", here it is \"test\" (acrossIdentities(why) allows it)",
            "its schema version is \"3\", here it is \"4\" (acrossIdentities(why) allows it)");
    assertThat(e).hasMessage(refused(id, String.join("; ", e.details())));
    assertThat(live()).isEqualTo(NEW);

    other.restore(RestoreRequest.inPlace(id).acrossIdentities("a drill"));
    assertThat(orders.live).isEqualTo("orders 1");
  }

  @Test
  void elsewhereAnotherIdentityDoesNotMatter() throws IOException {
    BackupId id = backedUp(shop().environment("production").build());

    shop().build().restore(RestoreRequest.elsewhere(id, "orders", orders.file(temp.resolve("o"))));

    assertThat(temp.resolve("o")).hasContent("orders 1");
  }

  @Test
  void aSchemaThatCannotBeLearntDoesNotHideAnotherApplication() {
    BackupId id = backedUp(shop().application("pub").schemaVersion(() -> "3").build());
    Backups blind = shop()
        .schemaVersion(() -> {
          throw new IOException("no database");
        })
        .build();

    BackupException e = failure(() -> blind.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    assertThat(e.details())
        .containsExactly(
            "its application is \"pub\", here it is \"shop\" (acrossIdentities(why) allows it)");
  }

  @Test
  void aSchemaThatCannotBeLearntIsNoReasonToRefuse() {
    BackupId id = backedUp(shop().schemaVersion(() -> "3").build());
    orders.live = null;
    users.live = null;
    notes.live = null;
    Backups blind = shop()
        .schemaVersion(() -> {
          throw new IOException("no database");
        })
        .build();

    blind.restore(id);

    assertThat(orders.live).isEqualTo("orders 1");
  }

  @Test
  void anInterruptWhileTheSchemaIsAskedForEndsIt() {
    BackupId id = backedUp(shop().schemaVersion(() -> "3").build());
    Backups interrupted = shop()
        .schemaVersion(() -> {
          throw new InterruptedException();
        })
        .build();

    BackupException e = failure(() -> interrupted.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(e).hasMessage(refused(id, "interrupted"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void whatIsLiveDoesNotMatterWhereNothingOfItIsKept() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.at("holds", Paper.failing("not a paper"));

    backups.restore(RestoreRequest.inPlace(id).withoutBackupBefore());

    assertThat(live()).isEqualTo("orders 1, users 1, notes 1");
  }

  @Test
  void whereRestoresAreConfirmedThePhraseIsDemanded() {
    Backups backups = shop().confirmRestores().build();
    BackupId id = backedUp(backups);

    BackupException e = failure(() -> backups.restore(RestoreRequest.inPlace(id).confirmed("yes")));

    assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    assertThat(e)
        .hasMessage(refused(id, "it is not confirmed; the phrase is \"restore shop " + id + "\""));
    assertThat(live()).isEqualTo(NEW);

    backups.restore(RestoreRequest.elsewhere(id, "orders", orders.file(temp.resolve("o"))));
    backups.restore(RestoreRequest.inPlace(id).confirmed("restore shop " + id));
    assertThat(orders.live).isEqualTo("orders 1");
  }

  @Test
  void noSpaceWhereItGoesIsToldBeforeAnythingIsStaged() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.free = 6;

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(e).hasMessage(refused(id, "the paper users needs 7 bytes, and 6 are free"));
    assertThat(log).doesNotContain("orders stage");
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void whatCannotBeToldIsAnObjection() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    orders.at("space", Paper.failing("stale handle"));
    users.at("holds", Paper.failing("not a paper"));

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    assertThat(e)
        .hasMessage(
            refused(
                id,
                "the free space at the paper orders cannot be told: stale handle; whether \"users\" is"
                    + " live cannot be told: not a paper (liveIsBroken() keeps it aside byte for byte)"));
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void aTargetThatThrowsAgainstItsContractIsAnObjection() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    users.type = "stone";
    orders.at("target", () -> {
      throw new IllegalStateException("not\nready");
    });

    BackupException e = failure(() -> backups.restore(id));

    assertThat(e.kind()).isEqualTo(Kind.REFUSED);
    assertThat(e.details())
        .containsExactly(
            "where \"orders\" would go cannot be told: unexpected IllegalStateException:"
                + " not\\u000aready",
            "\"users\" is of type paper, and the paper users takes stone");
    assertThat(live()).isEqualTo(NEW);
  }

  @Test
  void aPlanTellsAllThatSpeaksAgainstItAndChangesNothing() throws IOException {
    BackupId id = backedUp(shop().application("pub").build());
    Backups backups = shop().confirmRestores().build();
    users.free = 0;
    notes.type = "stone";
    List<String> objects = objects();

    RestorePlan plan = backups.planRestore(RestoreRequest.inPlace(id));

    assertThat(plan.isPossible()).isFalse();
    assertThat(plan.objections())
        .containsExactly(
            "\"notes\" is of type paper, and the paper notes takes stone",
            "its application is \"pub\", here it is \"shop\" (acrossIdentities(why) allows it)",
            "it is not confirmed; the phrase is \"restore shop " + id + "\"",
            "the paper users needs 7 bytes, and 0 are free");
    assertThat(plan.from()).isEqualTo(id);
    assertThat(plan.steps())
        .containsExactly(
            new RestorePlan.Step("orders", "the paper orders", true, 8, 8, Long.MAX_VALUE),
            new RestorePlan.Step("users", "the paper users", true, 7, 7, 0));
    assertThat(plan.staging()).isEqualTo(15 + 15 + 8);
    assertThat(plan.stagingFree()).isPositive();
    assertThat(objects()).isEqualTo(objects);
    assertThat(live()).isEqualTo(NEW);
    assertThat(log).doesNotContain("orders open", "orders stage");
    assertThat(litter()).isEmpty();
  }

  /** What is staged, what undoes it or is backed up before, what proves it. */
  @Test
  void aPlanTellsTheMostThatLiesInTheWorkDirectory() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups); // 8, 7 and 7 bytes
    RestoreRequest all = RestoreRequest.inPlace(id);
    assertThat(backups.planRestore(all).staging()).isEqualTo(22 + 22 + 8);
    assertThat(backups.planRestore(all.withoutBackupBefore()).staging()).isEqualTo(22 + 22 + 8);
    RestoreRequest one = RestoreRequest.inPlace(id, "users");
    assertThat(backups.planRestore(one).staging()).isEqualTo(7 + 22);
    assertThat(backups.planRestore(one.withoutBackupBefore()).staging()).isEqualTo(7 + 7 + 7);
    users.live = null;
    assertThat(backups.planRestore(one).staging()).isEqualTo(7 + 7);
    assertThat(backups
            .planRestore(RestoreRequest.elsewhere(id, "orders", orders.file(temp.resolve("o"))))
            .staging())
        .isEqualTo(8 + 8);
  }

  @Test
  void aPlanOfWhatIsPossibleSaysSo() {
    Backups backups = shop().build();
    BackupId id = backedUp(backups);
    orders.live = null;

    RestorePlan plan = backups.planRestore(RestoreRequest.inPlace(id, "orders"));

    assertThat(plan.isPossible()).isTrue();
    assertThat(plan.steps())
        .containsExactly(
            new RestorePlan.Step("orders", "the paper orders", false, 8, 8, Long.MAX_VALUE));
  }

  @Test
  void elsewhereTouchesNothingThatIsLiveAndTakesSeveralTargets() throws IOException {
    Backups backups = shop().maintenance(gate("maintenance")).build();
    BackupId id = backedUp(backups);

    Restored restored =
        backups.restore(RestoreRequest.elsewhere(id, "users", users.file(temp.resolve("u")))
            .and("orders", orders.file(temp.resolve("o"))));

    assertThat(temp.resolve("o")).hasContent("orders 1");
    assertThat(temp.resolve("u")).hasContent("users 1");
    assertThat(restored.components()).containsExactly("users", "orders");
    assertThat(restored.before()).isEmpty();
    assertThat(restored.applied()).isEqualTo(Duration.ZERO);
    assertThat(live()).isEqualTo(NEW);
    assertThat(log).doesNotContain("maintenance shut", "orders open");
    assertThat(backups.list()).extracting(Backup::reason).containsExactly(Reason.MANUAL);
  }

  @Test
  void elsewhereIsAllOrNothingToo() {
    Backups backups = shop().maintenance(gate("maintenance")).build();
    BackupId id = backedUp(backups);
    Paper other = new Paper("orders", "", log);
    other.at("apply", Paper.failing("read-only"));
    RestoreRequest request = RestoreRequest.elsewhere(id, "users", users.file(temp.resolve("u")))
        .and("orders", other.file(temp.resolve("o")));

    assertThat(failure(() -> backups.restore(request)).kind()).isEqualTo(Kind.UNDONE);
    assertThat(temp.resolve("u")).doesNotExist();

    users.at("undo", Paper.failing("remove it"));
    BackupException e = failure(() -> backups.restore(request));
    assertThat(e.kind()).isEqualTo(Kind.STUCK);
    assertThat(e).hasMessageContaining("read-only. It could not be undone: users: remove it; what");
  }

  @Test
  void aRestoreGoesInPlaceOrElsewhereAndAComponentToOnePlace() {
    BackupId id = BackupId.parse("20260214T143045Z-manual-k7f3q2ab");
    RestoreRequest elsewhere = RestoreRequest.elsewhere(id, "orders", orders.target());

    IllegalArgumentException both = org.junit.jupiter.api.Assertions.assertThrows(
        IllegalArgumentException.class,
        () -> RestoreRequest.inPlace(id).and("orders", orders.target()));
    IllegalArgumentException twice = org.junit.jupiter.api.Assertions.assertThrows(
        IllegalArgumentException.class, () -> elsewhere.and("orders", users.target()));

    assertThat(both).hasMessage("a restore goes in place or elsewhere, not both");
    assertThat(twice).hasMessage("orders is given two targets");
  }
}
