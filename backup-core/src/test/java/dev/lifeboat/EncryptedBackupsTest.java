package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.crypto.KeyWrap;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Encryption as hosts meet it: who can make, read and trust what. */
class EncryptedBackupsTest extends ShopTest {
  private final BackupKey key = BackupKey.generate();
  private final Identity office = Identity.generate();
  private final KeyPair host = signingKey();

  private static KeyPair signingKey() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private Encryption ofTheShop() {
    return Encryption.recipients(office.recipient()).signedBy(host.getPrivate());
  }

  private Encryption ofTheOffice() {
    return Encryption.identity(office).trusting(host.getPublic());
  }

  private Backups shop(Encryption encryption) {
    return shop("work", encryption);
  }

  /** Another machine, with a work directory of its own. */
  private Backups shop(String machine, Encryption encryption) {
    Path work = temp.resolve(machine);
    return Backups.builder("shop")
        .source(orders)
        .source(users)
        .source(notes)
        .sink(sink)
        .clock(clock)
        .workDirectory(work)
        .retention(RetentionPolicy.keepLast(1))
        .encryption(encryption)
        .build();
  }

  private byte[] bytes(String object) throws IOException {
    try (InputStream in = memory.open(ObjectName.of(object))) {
      return in.readAllBytes();
    }
  }

  @Test
  void aManifestThatIsFoundDamagedIsMarkedSoThatACacheDoesNotHideIt() throws IOException {
    Backups backups = shop(Encryption.key(key));
    Backup backup = backups.create(Reason.MANUAL);
    assertThat(backups.list()).containsExactly(backup); // from now on it is in the cache
    ObjectName manifest = ObjectName.of("shop/catalog/" + backup.id() + ".json");
    byte[] bytes = bytes(manifest.value());
    bytes[bytes.length / 2] ^= 1;
    memory.delete(manifest);
    memory.put(manifest, Content.of(bytes));

    BackupException thrown = catchThrowableOfType(
        BackupException.class, () -> backups.verify(backup.id(), Depth.STORED));
    assertThat(thrown.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(thrown.getMessage())
        .endsWith("It is marked as damaged and does not count any more.");
    assertThat(backups.list())
        .allMatch(listed -> listed.state() == State.DAMAGED, "is not taken for whole");
    assertThat(backups.latest()).isEmpty();
  }

  @TestFactory
  Stream<DynamicTest> whatIsWrittenIsReadAgain() {
    Map<String, Supplier<Encryption>> kinds = Map.of(
        "passphrase", () -> Encryption.passphrase("correct horse battery".toCharArray()),
        "key", () -> Encryption.key(key),
        "identity", () -> Encryption.identity(office).signedBy(host.getPrivate()),
        "service", () -> Encryption.wrappedBy(new Upside()),
        "two", () -> Encryption.key(key).alsoFor(office.recipient()));
    return kinds.entrySet().stream()
        .map(kind -> DynamicTest.dynamicTest(kind.getKey(), () -> {
          Backups backups = Backups.builder("shop-" + kind.getKey())
              .source(orders)
              .source(users)
              .sink(sink)
              .clock(clock)
              .workDirectory(temp.resolve("work-" + kind.getKey()))
              .encryption(kind.getValue().get())
              .build();
          orders.live = "orders 1";
          Backup backup = backups.create(CreateRequest.of(Reason.MANUAL)
              .note("for the audit")
              .tag("ticket", "17")
              .pinned("until the audit"));
          orders.live = "orders 2";
          assertThat(backups.list()).containsExactly(backup);
          assertThat(backups.list().get(0).manifest().details().orElseThrow().note())
              .isEqualTo("for the audit");
          assertThat(backups.list().get(0).pins())
              .extracting(Pin::why)
              .containsExactly("until the audit");
          for (Depth depth : Depth.values()) {
            backups.verify(backup.id(), depth);
          }
          try (InputStream content = backups.open(backup.id(), "orders")) {
            assertThat(new String(content.readAllBytes(), UTF_8)).isEqualTo("orders 1");
          }
          backups.restore(backup.id());
          assertThat(orders.live).isEqualTo("orders 1");
          assertThat(backup.manifest().components())
              .extracting(Component::codecs)
              .containsOnly(List.of("zstd", "floe"));
        }));
  }

  @Test
  void nothingThatTellsOfTheContentLiesInTheSinkOrTheWorkDirectory() throws IOException {
    orders.live = "canary one ".repeat(100);
    Backups backups = shop()
        .compression(Compression.none()) // which would hide it too
        .encryption(Encryption.key(key))
        .build()
        .by("canary two");
    Backup backup = backups.create(CreateRequest.of(Reason.MANUAL)
        .note("canary three")
        .tag("canary four", "canary five")
        .pinned("canary six"));
    backups.pin(backup.id(), "canary seven");
    backups.verify(backup.id(), Depth.CONTENT);
    BackupId second = backups.create(Reason.MANUAL).id();
    backups.forceDelete(second, "canary eight");
    backups.list();
    for (StoredObject stored : memory.list("")) {
      assertThat(new String(bytes(stored.name().value()), UTF_8))
          .as(stored.name().value())
          .doesNotContain("canary")
          .doesNotContain("orders 1", "users 1");
    }
    for (Path file : files(work())) {
      if (Files.isRegularFile(file)) {
        assertThat(new String(Files.readAllBytes(file), UTF_8))
            .as(file.toString())
            .doesNotContain("canary");
      }
    }
  }

  @Test
  void aHostWithRecipientsMakesListsVerifiesAndPrunesAndCannotRead() {
    Backups shop = shop(ofTheShop());
    List<BackupId> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(shop.create(Reason.MANUAL).id());
      clock.advance(Duration.ofHours(1));
    }
    assertThat(shop.list()).extracting(Backup::state).containsOnly(State.COMPLETE);
    assertThat(shop.list()).allMatch(backup -> backup.manifest().details().isEmpty());
    assertThat(shop.latest().orElseThrow().id()).isEqualTo(made.get(4));
    shop.verify(made.get(4), Depth.STORED);
    shop.pin(made.get(0), "for the audit");
    RetentionPlan done = shop.prune();
    assertThat(done.removed())
        .extracting(decision -> decision.backup().id())
        .containsExactly(made.get(1));
    assertThat(shop.list())
        .extracting(Backup::id)
        .containsExactly(made.get(4), made.get(3), made.get(2), made.get(0));

    BackupException failure = failure(() -> shop.restore(made.get(4)));
    String why =
        "made for other readers: its slots are recipient " + office.recipient().id()
            + "; this host can only write: it has recipients, and no identity, key or passphrase";
    assertThat(failure.kind()).isEqualTo(Kind.WRONG_KEY);
    assertThat(failure)
        .hasMessage("Cannot restore " + made.get(4) + " of \"shop\" in memory shelf: " + why
            + ". What is live is as it was.");
    assertThat(failure(() -> shop.verify(made.get(4), Depth.CONTENT)))
        .hasMessage("Cannot verify " + made.get(4) + " of \"shop\" in memory shelf: " + why
            + ". At STORED it can be verified without.");
    assertThat(failure(() -> shop.open(made.get(4), "orders")).kind()).isEqualTo(Kind.WRONG_KEY);

    Backups reader = shop("office", ofTheOffice());
    assertThat(reader.list()).hasSize(4).allMatch(backup -> backup.state() == State.COMPLETE);
    assertThat(reader.find(made.get(0)).orElseThrow().pins())
        .extracting(Pin::why)
        .containsExactly("for the audit");
    reader.verify(made.get(4), Depth.DRILL);
    reader.restore(made.get(4));
  }

  @Test
  void anotherKeyOpensNothingAndCountsNothing() {
    BackupId id = shop(Encryption.key(key)).create(Reason.MANUAL).id();
    BackupKey other = BackupKey.generate();
    Backups stranger = shop("elsewhere", Encryption.key(other));
    String why =
        "made for other readers: its slots are key " + key.id() + "; this has key " + other.id();
    BackupException failure = failure(() -> stranger.restore(id));
    assertThat(failure.kind()).isEqualTo(Kind.WRONG_KEY);
    assertThat(failure)
        .hasMessage("Cannot restore " + id + " of \"shop\" in memory shelf: " + why
            + ". What is live is as it was.");
    assertThat(stranger.list()).extracting(Backup::state).containsExactly(State.UNTRUSTED);
    assertThat(stranger.latest()).isEmpty();
    clock.advance(Duration.ofHours(1));
    stranger.create(Reason.MANUAL);
    assertThat(stranger.list())
        .extracting(Backup::state)
        .containsExactly(State.COMPLETE, State.UNTRUSTED);
  }

  @Test
  void withoutEncryptionItIsListedAndKeptAndCannotBeRead() {
    BackupId id = shop(Encryption.key(key)).create(Reason.MANUAL).id();
    Backups monitor = Backups.builder("shop")
        .sink(sink)
        .clock(clock)
        .workDirectory(temp.resolve("monitor"))
        .build();
    assertThat(monitor.list()).extracting(Backup::state).containsExactly(State.COMPLETE);
    monitor.verify(id, Depth.STORED);
    BackupException failure = failure(() -> monitor.open(id, "orders"));
    assertThat(failure.kind()).isEqualTo(Kind.WRONG_KEY);
    assertThat(failure)
        .hasMessage(
            "Cannot open " + id + " of \"shop\" in memory shelf: it is encrypted, and no encryption"
                + " is configured here. Nothing was changed.");
  }

  @Test
  void whatLiesInClearIsNotTakenForOurs() {
    BackupId clear = backedUp(shop().build());
    Backups backups = shop(Encryption.key(key));
    assertThat(backups.list()).extracting(Backup::state).containsExactly(State.UNTRUSTED);
    assertThat(backups.list().get(0).untrusted()).contains("it is not encrypted");
    BackupException failure = failure(() -> backups.restore(clear));
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage(
            "Cannot restore " + clear + " of \"shop\" in memory shelf: nothing proves who wrote"
                + " it: it is not encrypted (acceptUnsigned(why) allows it). What is live is as it was.");
    assertThat(failure(() -> backups.open(clear, "orders")))
        .hasMessage(
            "Cannot open " + clear + " of \"shop\" in memory shelf: nothing proves who wrote it: it"
                + " is not encrypted. A restore elsewhere with acceptUnsigned(why) takes it all the same.");
    BackupException unproven = failure(() -> backups.verify(clear, Depth.CONTENT));
    assertThat(unproven.kind()).isEqualTo(Kind.UNPROVEN);
    assertThat(unproven)
        .hasMessage(
            "Backup " + clear + " of \"shop\" in memory shelf is stored as its manifest says, and"
                + " does not count: nothing proves who wrote it: it is not encrypted. Nothing was"
                + " changed.");
    backups.restore(RestoreRequest.inPlace(clear).acceptUnsigned("made before we had a key"));
    assertThat(live()).isEqualTo("orders 1, users 1, notes 1");
  }

  @Test
  void aDrillDoesNotRunWhatNobodyProves() {
    Backups forger = shop("attacker", Encryption.recipients(office.recipient()));
    BackupId forged = backedUp(forger);
    log.clear();
    BackupException failure =
        failure(() -> shop("office", ofTheOffice()).verify(forged, Depth.DRILL));
    assertThat(failure.kind()).isEqualTo(Kind.UNPROVEN);
    assertThat(failure)
        .hasMessage("Backup " + forged + " of \"shop\" in memory shelf is not drilled: nothing"
            + " proves who wrote it: it was opened through a recipient's slot, which proves no"
            + " writer, and it is not signed. Nothing was read; at CONTENT it can be verified.");
    assertThat(log).noneMatch(line -> line.contains("stage"));
  }

  @Test
  void aHostThatHasLostItsEncryptionWritesNothingInClear() throws IOException {
    BackupId sealed = backedUp(shop(Encryption.key(key)));
    List<String> before = names();
    BackupException failure = failure(() -> shop().build().create(Reason.MANUAL));
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage("Cannot back up \"shop\" in memory shelf: its newest backup, " + sealed
            + ", is encrypted, and no encryption is configured here. Nothing was added; earlier"
            + " backups are untouched. Configure the encryption; backups in clear are for another"
            + " series.");
    assertThat(names()).isEqualTo(before);
  }

  private List<String> names() throws IOException {
    return memory.list("").stream().map(stored -> stored.name().value()).toList();
  }

  @Test
  void aServiceThatCannotOpenOneBackupKeepsNoOtherFromBeingMade() throws IOException {
    Upside fragile = new Upside() {
      @Override
      public byte[] unwrap(byte[] wrapped, String context) {
        if (wrapped.length != 32) {
          throw new IllegalStateException("not a ciphertext of this service");
        }
        return super.unwrap(wrapped, context);
      }
    };
    Backups backups = shop(Encryption.wrappedBy(fragile).signedBy(host.getPrivate()));
    BackupId good = backedUp(backups);
    BackupId planted = backedUp(shop("attacker", Encryption.wrappedBy(new Upside() {
      @Override
      public byte[] wrap(byte[] dataKey, String context) {
        return new byte[40];
      }
    })));
    assertThat(backups.list()).extracting(Backup::id).contains(good).doesNotContain(planted);
    assertThat(backups.create(Reason.MANUAL).state()).isEqualTo(State.COMPLETE);
    memory.delete(new SeriesNames("shop").manifest(good));
    BackupException failure = failure(() -> shop("third", Encryption.wrappedBy(new Upside() {
          @Override
          public byte[] unwrap(byte[] wrapped, String context) {
            throw new IllegalStateException("away");
          }
        }))
        .list());
    assertThat(failure.kind()).isEqualTo(Kind.SINK);
    assertThat(String.valueOf(failure.getMessage())).contains("the key service", "failed: away");
  }

  @Test
  void whatAnybodyCouldHaveForgedIsReportedAndNeitherRestoredNorCountedNorDeleted() {
    Backups shop = shop(ofTheShop());
    BackupId real = shop.create(Reason.MANUAL).id();
    clock.advance(Duration.ofHours(1));
    orders.live = "everything is free";
    List<BackupId> forged = new ArrayList<>();
    Backups forger = shop("attacker", Encryption.recipients(office.recipient()));
    for (int i = 0; i < 6; i++) {
      forged.add(0, forger.create(Reason.MANUAL).id());
      clock.advance(Duration.ofHours(1));
    }
    Backups reader = shop("office", ofTheOffice());
    assertThat(reader.latest().orElseThrow().id()).isEqualTo(real);
    assertThat(shop.latest().orElseThrow().id()).isEqualTo(real);
    BackupException failure = failure(() -> reader.restore(forged.get(0)));
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage("Cannot restore " + forged.get(0)
            + " of \"shop\" in memory shelf: nothing proves who wrote it: it was opened through a"
            + " recipient's slot, which proves no writer, and it is not signed (acceptUnsigned(why)"
            + " allows it). What is live is as it was.");
    RetentionPlan plan = reader.prune();
    assertThat(plan.removed()).isEmpty();
    assertThat(plan.decision(forged.get(5)).orElseThrow().causes())
        .extracting(RetentionPlan.Cause::text)
        .containsExactly("nothing proves who wrote it: neither counted nor removed");
    BackupException held = failure(() -> reader.delete(forged.get(0)));
    assertThat(held.kind()).isEqualTo(Kind.REFUSED);
    reader.forceDelete(forged.get(0), "not ours");
    Paper copy = new Paper("orders", "", log);
    reader.restore(RestoreRequest.elsewhere(forged.get(1), "orders", copy.target())
        .acceptUnsigned("to see what they wanted"));
    assertThat(copy.live).isEqualTo("everything is free");
  }

  @Test
  void aReplayOfADeletedBackupIsKnownByItsTombstone() throws IOException {
    Backups backups = shop(Encryption.key(key));
    BackupId old = backups.create(Reason.MANUAL).id();
    Map<String, byte[]> kept = new HashMap<>();
    for (StoredObject stored : memory.list("shop/")) {
      kept.put(stored.name().value(), bytes(stored.name().value()));
    }
    clock.advance(Duration.ofHours(1));
    backups.create(Reason.MANUAL);
    backups.forceDelete(old, "not needed");
    for (Map.Entry<String, byte[]> object : kept.entrySet()) {
      if (object.getKey().contains(old.toString())) {
        memory.put(ObjectName.of(object.getKey()), Content.of(object.getValue()));
      }
    }
    memory.put(
        new SeriesNames("shop").mark(old, Mark.Kind.PIN, BackupId.randomTail()),
        Content.of(new byte[0])); // who could bring it back could also pin it
    shop(Encryption.key(key)).prune();
    for (String machine : Set.of("work", "new machine")) {
      Backups reader = shop(machine, Encryption.key(key));
      assertThat(reader.list()).extracting(Backup::id).doesNotContain(old).hasSize(1);
      assertThat(failure(() -> reader.restore(old)).kind()).isEqualTo(Kind.NOT_FOUND);
    }
  }

  /** Its keys may be missing here, and it may be all that tells a replay: of another host's, a sweep takes nothing. */
  @Test
  void aTombstoneThatCannotBeProvenHereIsNotSwept() throws IOException {
    Backups other = shop("other", Encryption.key(BackupKey.generate()));
    BackupId deleted = other.create(Reason.MANUAL).id();
    clock.advance(Duration.ofHours(1));
    other.create(Reason.MANUAL); // names it
    other.forceDelete(deleted, "not needed");
    String begins = "shop/catalog/" + deleted + ".deleted-";
    assertThat(objects()).anyMatch(name -> name.startsWith(begins));
    Backups backups = shop(Encryption.key(key));
    backups.create(Reason.MANUAL);
    ObjectName litter =
        ObjectName.of("shop/catalog/" + deleted.toString().substring(0, 24) + "aaaaaaaa.auth");
    memory.put(litter, Content.of(new byte[1]));
    clock.advance(Duration.ofDays(30));
    backups.prune();
    assertThat(objects())
        .anyMatch(name -> name.startsWith(begins))
        .doesNotContain(litter.value()); // data without a manifest, and as old
  }

  @Test
  void whatWasOpenedOnceIsNotFetchedAgainAndABadCacheIsNotBelieved() throws IOException {
    Backups backups = shop(Encryption.key(key));
    List<BackupId> made = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      made.add(backups.create(Reason.MANUAL).id());
      clock.advance(Duration.ofHours(1));
    }
    Backups reader = shop("reader", Encryption.key(key));
    assertThat(keysFetched(reader::list)).isEqualTo(2);
    assertThat(keysFetched(reader::list)).isZero();
    assertThat(keysFetched(
            () -> shop("reader", Encryption.key(BackupKey.generate())).list()))
        .isEqualTo(2);
    assertThat(keysFetched(reader::list)).isZero(); // what opens for nobody here is not kept
    List<Path> cached = files(temp.resolve("reader").resolve("cache")).stream()
        .filter(file -> file.getFileName().toString().contains(".keys@"))
        .toList();
    assertThat(cached).hasSize(2);
    byte[] others = Encryption.key(key).seal("shop", made.get(0).toString()).keys();
    for (byte[] bad : List.of(new byte[0], new byte[70_000], "{}".getBytes(UTF_8), others)) {
      for (Path file : cached) {
        Files.write(file, bad);
      }
      assertThat(keysFetched(() ->
              assertThat(reader.list()).extracting(Backup::state).containsOnly(State.COMPLETE)))
          .isEqualTo(2);
    }
    assertThat(keysFetched(reader::list)).isZero();
    backups.forceDelete(made.get(0), "not needed");
    reader.list();
    assertThat(files(temp.resolve("reader").resolve("cache")))
        .filteredOn(file -> file.getFileName().toString().contains(".keys@"))
        .hasSize(1);
  }

  private long keysFetched(Runnable listing) {
    int before = sink.history().size();
    listing.run();
    return sink.history().stream()
        .skip(before)
        .filter(call -> call.startsWith("OPEN ") && call.contains("/keys"))
        .count();
  }

  @Test
  void aTombstoneOfSomebodyElseHidesNothing() throws IOException {
    Backups backups = shop(Encryption.key(key));
    BackupId id = backups.create(Reason.MANUAL).id();
    Mark forged = Mark.of(Mark.Kind.DELETED, id, "shop", clock.instant(), "", "gone");
    for (Encryption own :
        List.of(Encryption.key(BackupKey.generate()), Encryption.recipients(office.recipient()))) {
      memory.put(
          new SeriesNames("shop").mark(id, Mark.Kind.DELETED, BackupId.randomTail()),
          Content.of(new Marks("shop", Optional.of(own)).write(forged, Optional.empty())));
    }
    memory.put(
        new SeriesNames("shop").mark(id, Mark.Kind.DAMAGE, BackupId.randomTail()),
        Content.of(new Marks("shop", Optional.empty())
            .write(
                Mark.of(Mark.Kind.DAMAGE, id, "shop", clock.instant(), "", "all of it"),
                Optional.empty())));
    memory.put(
        new SeriesNames("shop").mark(id, Mark.Kind.DAMAGE, BackupId.randomTail()),
        Content.of("{}".getBytes(UTF_8)));
    assertThat(backups.list()).extracting(Backup::id).containsExactly(id);
    assertThat(backups.list()).extracting(Backup::state).containsExactly(State.COMPLETE);
    backups.restore(id);
  }

  @Test
  void withoutItsKeysABackupIsDamaged() throws IOException {
    Backups backups = shop(Encryption.key(key));
    BackupId id = backups.create(Reason.MANUAL).id();
    memory.delete(new SeriesNames("shop").keys(id, 1));
    BackupException failure = failure(() -> backups.verify(id, Depth.STORED));
    assertThat(failure.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(failure)
        .hasMessage("Backup " + id + " of \"shop\" in memory shelf is damaged: shop/" + id
            + "/keys.json is missing: without it nothing opens the backup. It is marked as damaged"
            + " and does not count any more.");
    assertThat(shop("new machine", Encryption.key(key)).list()).isEmpty();
  }

  /** Anybody can wrap a key of his own for a recipient. */
  @Test
  void keysThatSomebodyHasAddedKeepNobodyOut() throws IOException {
    Backups shop = shop(ofTheShop());
    BackupId id = shop.create(Reason.MANUAL).id();
    SeriesNames names = new SeriesNames("shop");
    byte[] ours = bytes(names.keys(id, 1).value());
    memory.delete(names.keys(id, 1));
    memory.put(names.keys(id, 2), Content.of(ours)); // as after a re-wrapping
    try (Seal strange = Encryption.recipients(office.recipient()).seal("shop", id.toString())) {
      memory.put(names.keys(id, 99), Content.of(strange.keys()));
    }
    Backups reader = shop("office", ofTheOffice());
    assertThat(reader.list()).extracting(Backup::state).containsExactly(State.COMPLETE);
    reader.verify(id, Depth.DRILL);
    reader.restore(id);
  }

  @Test
  void withoutItsSecretsNothingIsBegun() throws Exception {
    Encryption encryption = Encryption.key(key);
    Backups backups = shop(encryption);
    backups.create(Reason.MANUAL);
    encryption.destroy();
    BackupException failure = failure(() -> backups.create(Reason.MANUAL));
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage(
            "Cannot create \"shop\" in memory shelf: its encryption was destroyed. Nothing was done.");
  }

  /** A key service that turns bits. */
  private static class Upside implements KeyWrap {
    @Override
    public String id() {
      return "upside";
    }

    @Override
    public byte[] wrap(byte[] dataKey, String context) {
      byte[] turned = dataKey.clone();
      for (int i = 0; i < turned.length; i++) {
        turned[i] ^= (byte) 0xff;
      }
      return turned;
    }

    @Override
    public byte[] unwrap(byte[] wrapped, String context) {
      return wrap(wrapped, context);
    }

    @Override
    public boolean provesOrigin() {
      return true;
    }
  }
}
