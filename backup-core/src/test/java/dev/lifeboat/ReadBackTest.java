package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultySink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that attests nothing, and need not be read back at once. */
class ReadBackTest {
  private static final Duration WITHIN = Duration.ofHours(6);

  @TempDir
  Path temp;

  private Shop shop;
  private LazySink lazy;
  private Backups backups;

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
    lazy = new LazySink(shop.memory);
    backups = shop.over(lazy).build();
  }

  @Test
  void aBackupIsListedAtOnceAndProvenOnlyOnceItWasRead() {
    Backup made = backups.create(Reason.MANUAL);
    assertThat(made.state()).isEqualTo(State.COMPLETE);
    assertThat(made.isProven()).isFalse();
    assertThat(made.proof()).isEmpty();
    assertThat(made.manifest().readBackBy())
        .contains(made.time().plus(made.manifest().took()).plus(WITHIN));
    assertThat(lazy.opened).noneMatch(name -> name.contains("orders.doc"));
    assertThat(backups.list()).containsExactly(made);
    assertThat(backups.latest()).isEmpty();
    assertThat(shop.warnings()).isEmpty();

    Proof proof = backups.verify(made.id(), Depth.STORED);
    assertThat(lazy.opened).anyMatch(name -> name.contains("orders.doc"));
    Backup read = backups.list().get(0);
    assertThat(read.proof()).contains(proof);
    assertThat(backups.latest()).contains(read);
  }

  @Test
  void whatWasNotReadCountsForNoRuleAndIsNotPruned() {
    Backup proven = backups.create(Reason.MANUAL);
    backups.verify(proven.id(), Depth.CONTENT);
    List<BackupId> unread = make(4);
    RetentionPlan plan =
        shop.over(lazy).retention(RetentionPolicy.keepLast(1)).build().planPrune();
    assertThat(plan.decision(proven.id()).orElseThrow().causes())
        .extracting(RetentionPlan.Cause::text)
        .contains("the newest good one");
    for (BackupId id : unread) {
      RetentionPlan.Decision decision = plan.decision(id).orElseThrow();
      assertThat(decision.keep()).isTrue();
      assertThat(decision.causes())
          .containsExactly(
              new RetentionPlan.Cause("unread", "not read back yet, stays until it is"));
    }
  }

  @Test
  void whatIsDueIsReadByTheNextCreate() {
    BackupId first = backups.create(Reason.MANUAL).id();
    shop.clock.advance(WITHIN);
    BackupId second = backups.create(Reason.MANUAL).id();
    assertThat(backups.find(first).orElseThrow().isProven()).as("not due yet").isFalse();
    shop.clock.advance(Duration.ofMinutes(1));
    backups.list();
    assertThat(shop.warnings())
        .contains("catalogue: " + first + " was to be read back by "
            + backups.find(first).orElseThrow().manifest().readBackBy().orElseThrow()
            + " and does not count yet; the next create or prune reads it, or verify");
    backups.create(Reason.MANUAL);
    assertThat(backups.find(first).orElseThrow().proof().orElseThrow().depth())
        .isEqualTo(Depth.STORED);
    assertThat(backups.find(second).orElseThrow().isProven()).isFalse();
  }

  @Test
  void whatIsDueIsReadByACreateIfDueThatMakesNone() {
    BackupId id = backups.create(Reason.MANUAL).id();
    shop.clock.advance(WITHIN.plusMinutes(1));
    assertThat(backups.createIfDue(Duration.ofHours(24), Reason.SCHEDULED)).isEmpty();
    assertThat(backups.find(id).orElseThrow().isProven()).isTrue();
  }

  @Test
  void whatIsDueIsReadByAPruneAndCountsInIt() {
    List<BackupId> ids = make(5);
    shop.clock.advance(WITHIN.plusMinutes(1));
    Backups pruning = shop.over(lazy).retention(RetentionPolicy.keepLast(3)).build();
    assertThat(pruning.prune().removed()).as("the plan was made before").isEmpty();
    assertThat(pruning.list()).allMatch(Backup::isProven);
    assertThat(pruning.prune().removed())
        .extracting(decision -> decision.backup().id())
        .containsExactlyInAnyOrderElementsOf(ids.subList(3, 5));
  }

  @Test
  void whatIsFoundDamagedIsMarkedAndKeepsNoNewBackupFromBeingMade() throws IOException {
    Backup made = backups.create(Reason.MANUAL);
    ObjectName part = harmed(made);
    shop.clock.advance(WITHIN.plusMinutes(1));
    Backup next = backups.create(Reason.MANUAL);
    assertThat(next.state()).isEqualTo(State.COMPLETE);
    assertThat(backups.find(made.id()).orElseThrow().state()).isEqualTo(State.DAMAGED);
    assertThat(shop.warnings())
        .anyMatch(warning -> warning.startsWith(made.id()
            + ": it was to be read back, and is not proven: Backup " + made.id()
            + " of \"shop\" in memory shop is damaged: orders: " + part + " is "));
  }

  @Test
  void whatWasFoundDamagedIsNotReadAgainAndAgain() throws IOException {
    Backup made = backups.create(Reason.MANUAL);
    ObjectName part = harmed(made);
    shop.clock.advance(WITHIN.plusMinutes(1));
    backups.create(Reason.MANUAL);
    lazy.opened.clear();
    shop.events.clear();
    backups.create(Reason.MANUAL);
    backups.prune();
    assertThat(lazy.opened).doesNotContain(part.value());
    assertThat(shop.warnings()).noneMatch(warning -> warning.contains("read"));
  }

  @Test
  void whoWaitsForAMigrationDoesNotWaitForWhatIsDue() {
    Backup made = backups.create(Reason.MANUAL);
    shop.clock.advance(WITHIN.plusMinutes(1));
    assertThat(backups.create(Reason.PRE_MIGRATION).isProven()).isTrue();
    assertThat(backups.find(made.id()).orElseThrow().isProven()).isFalse();
  }

  @Test
  void whatThisHostCouldNotProveLaterIsReadAtOnce() {
    Encryption office = Encryption.recipients(Identity.generate().recipient());
    Backup made = shop.over(lazy).encryption(office).build().create(Reason.MANUAL);
    assertThat(made.manifest().readBackBy()).isEmpty();
    assertThat(lazy.opened).anyMatch(name -> name.contains("orders.doc"));
  }

  @Test
  void aPutThatKeptHalfIsFoundAtOnce() {
    make(1);
    shop.orders.live = Shop.noise(2 * Shop.PART, 7);
    for (int nth = 1; nth <= 2; nth++) {
      BackupSink halving = new LazySink(FaultySink.over(shop.memory).halvingPut(nth));
      BackupException thrown = failure(() -> shop.over(halving).build().create(Reason.MANUAL));
      assertThat(thrown.kind()).isEqualTo(Kind.SINK);
      assertThat(String.valueOf(thrown.getMessage())
              .replaceAll("/2[^/]*/", "/ID/")
              .replaceAll("00000[12] ", "00000N ")) // they are put side by side
          .isEqualTo("Cannot back up \"shop\" in memory shop: shop/ID/orders.doc.00000N"
              + " is listed with 32768 bytes, and was put with 65536. Nothing was added; earlier"
              + " backups are untouched.");
      assertThat(backups.list()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pre-migration", "pre-restore"})
  void whatIsTheOnlyWayBackIsReadAtOnce(String reason) {
    Backup made = backups.create(Reason.of(reason));
    assertThat(made.isProven()).isTrue();
    assertThat(made.manifest().readBackBy()).isEmpty();
    assertThat(lazy.opened).anyMatch(name -> name.contains("orders.doc"));
  }

  @Test
  void aHostThatCannotReadItsBackupsReadsThemBackAllTheSame() throws Exception {
    KeyPair signer = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Encryption office = Encryption.recipients(Identity.generate().recipient()).signedBy(signer);
    Backups host = shop.over(lazy).encryption(office).build();
    BackupId id = host.create(Reason.MANUAL).id();
    shop.clock.advance(WITHIN.plusMinutes(1));
    host.create(Reason.MANUAL);
    assertThat(host.find(id).orElseThrow().proof().orElseThrow().depth()).isEqualTo(Depth.STORED);
  }

  /** Its first part, of which one bit is another now. */
  private ObjectName harmed(Backup backup) throws IOException {
    ObjectName part = backup.manifest().components().get(0).parts().get(0).name();
    byte[] bytes = shop.get(part);
    bytes[7] ^= 1;
    shop.memory.delete(part);
    shop.put(part, bytes);
    return part;
  }

  /** A minute apart, newest first. */
  private List<BackupId> make(int count) {
    List<BackupId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(0, shop.make(backups).id());
      shop.clock.advance(Duration.ofMinutes(1));
    }
    return ids;
  }

  /** Attests nothing, and may be read later. */
  private static final class LazySink extends Through {
    final List<String> opened = new CopyOnWriteArrayList<>();

    LazySink(BackupSink sink) {
      super(sink);
    }

    @Override
    public StoredObject put(ObjectName name, Content content) throws IOException {
      return unattested(super.put(name, content));
    }

    private static StoredObject unattested(StoredObject stored) {
      return new StoredObject(stored.name(), stored.size(), stored.time(), Optional.empty());
    }

    @Override
    public InputStream open(ObjectName name) throws IOException {
      opened.add(name.value());
      return super.open(name);
    }

    @Override
    public List<StoredObject> list(String folder) throws IOException {
      return super.list(folder).stream().map(LazySink::unattested).toList();
    }

    @Override
    public Optional<Duration> readBackWithin() {
      return Optional.of(WITHIN);
    }
  }
}
