package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Reencrypted.Outcome;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.source.Facts;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Content under new data keys, with everything that is known of it; what it replaces goes last. */
class ReencryptTest extends RotationShop {
  @Test
  void everythingButTheKeyIsAsItWas() throws IOException {
    orders.facts = Facts.counting("orders", 7).value("schema", "3").note("server", "old");
    users.at("write", Paper.failing("the users are away"));
    Backups before = Backups.builder("shop")
        .source(orders)
        .optionalSource(users)
        .sink(sink)
        .clock(clock)
        .workDirectory(work())
        .application("till")
        .environment("production")
        .schemaVersion(() -> "17")
        .partSize(64 << 10)
        .compression(Compression.none())
        .encryption(old())
        .build();
    orders.live = "orders ".repeat(30_000);
    BackupId first = before
        .by("shop keeper")
        .create(CreateRequest.of(Reason.MANUAL)
            .note("for the audit")
            .tag("ticket", "17")
            .pinned("until the audit")
            .keepUntil(clock.instant().plusSeconds(1_000_000)))
        .id();
    before.by("office").pin(first, "mine too");
    clock.advance(Duration.ofHours(1));
    users.heal();
    BackupId second = before.create(Reason.PRE_MIGRATION).id();
    clock.advance(Duration.ofHours(1));
    Backup one = before.find(first).orElseThrow();
    assertThat(one.state()).isEqualTo(State.INCOMPLETE);

    events.clear();
    List<Reencrypted> report = host(both()).by("security").reencrypt();
    assertThat(report).extracting(Reencrypted::id).containsExactly(first, second);
    assertThat(report).extracting(Reencrypted::outcome).containsOnly(Outcome.REENCRYPTED);
    assertThat(report).extracting(Reencrypted::why).containsOnly("");
    assertThat(finished().result()).isEqualTo("2 backups reencrypted, 0 left as they are");
    assertThat(finished().run().verb()).isEqualTo("reencrypt");
    assertThat(finished().run().by()).isEqualTo("security");
    assertNoWarnings();
    BackupId copy = report.get(0).copy().orElseThrow();
    assertThat(copy).isNotEqualTo(first);
    assertThat(copy.time()).isEqualTo(first.time());
    assertThat(copy.reason()).isEqualTo(first.reason());
    assertThat(copy.tail()).isNotEqualTo(first.tail());

    Backups reader = stranger(next());
    assertThat(ids(reader)).containsExactly(copy, report.get(1).copy().orElseThrow());
    Backup now = reader.find(copy).orElseThrow();
    Manifest manifest = now.manifest();
    Manifest was = one.manifest();
    assertThat(manifest.replaces()).contains(first);
    assertThat(manifest.identity()).isEqualTo(was.identity());
    assertThat(manifest.zone()).isEqualTo(was.zone());
    assertThat(manifest.took()).isEqualTo(was.took());
    assertThat(manifest.skew()).isEqualTo(was.skew());
    assertThat(manifest.state()).isEqualTo(was.state());
    assertThat(manifest.keepUntil()).isEqualTo(was.keepUntil()).isPresent();
    assertThat(manifest.details()).isEqualTo(was.details()).isPresent();
    assertThat(manifest.previous()).isEqualTo(was.previous());
    assertThat(manifest.components())
        .extracting(Component::details)
        .isEqualTo(was.components().stream().map(Component::details).toList());
    assertThat(manifest.component("orders").orElseThrow().codecs()).containsExactly("zstd", "floe");
    assertThat(now.pins()).containsExactlyInAnyOrderElementsOf(one.pins()).hasSize(2);
    assertThat(now.pins()).extracting(Pin::by).containsExactlyInAnyOrder("shop keeper", "office");
    assertThat(content(reader, copy)).isEqualTo("orders ".repeat(30_000));
    reader.verify(report.get(1).copy().orElseThrow(), Depth.DRILL);
    assertNoWarnings(); // the tombstones explain the gaps

    assertThat(stored().keySet().stream().filter(name -> name.contains(first.toString())))
        .singleElement()
        .asString()
        .startsWith("shop/catalog/" + first + ".deleted-");
    assertThat(stranger(old()).list()).extracting(Backup::state).containsOnly(State.UNTRUSTED);
    assertThat(litter()).isEmpty();
  }

  @Test
  void calledAgainItFindsNothingToDo() {
    List<BackupId> made = made(host(old()), 2);
    List<Reencrypted> first = host(both()).reencrypt();
    assertThat(first).extracting(Reencrypted::id).isEqualTo(made);
    Map<String, String> there = stored();
    for (Encryption configured : List.of(both(), next())) {
      assertThat(host(configured).reencrypt())
          .containsExactly(
              already(first.get(0).copy().orElseThrow()),
              already(first.get(1).copy().orElseThrow()));
    }
    assertThat(stored()).isEqualTo(there);
    assertThat(finished().result()).isEqualTo("0 backups reencrypted, 0 left as they are");
  }

  @Test
  void anotherKeyWritesThemOnceMore() {
    made(host(old()), 1);
    BackupId copy = host(both()).reencrypt().get(0).copy().orElseThrow();
    Encryption third = Encryption.key(BackupKey.generate());
    Reencrypted again = host(third.alsoReading(next())).reencrypt().get(0);
    assertThat(again.id()).isEqualTo(copy);
    assertThat(again.outcome()).isEqualTo(Outcome.REENCRYPTED);
    assertThat(content(stranger(third), again.copy().orElseThrow())).isEqualTo("orders 1");
    assertThat(ids(stranger(third))).hasSize(1);
  }

  @Test
  void whatWasOnlyRewrappedSinceStillHasTheOldDataKey() {
    made(host(old()), 1);
    BackupId copy = host(both()).reencrypt().get(0).copy().orElseThrow();
    Encryption third = Encryption.key(BackupKey.generate());
    host(next()).rewrap(third);
    Reencrypted again = host(third.alsoReading(next())).reencrypt().get(0);
    assertThat(again.id()).isEqualTo(copy);
    assertThat(again.outcome()).isEqualTo(Outcome.REENCRYPTED);
  }

  @Test
  void whoeverKeptTheOldKeysFileAndTheOldKeyReadsNothingNew() {
    BackupId id = made(host(old()), 1).get(0);
    byte[] kept = bytes("shop/" + id + "/keys.json");
    host(old()).rewrap(next());
    plant("shop/" + id + "/keys.json", kept);
    assertThat(content(stranger(old()), id)).isEqualTo("orders 1"); // what rewrap cannot do
    memory.delete(new SeriesNames("shop").keys(id, 1));
    BackupId copy = host(both()).reencrypt().get(0).copy().orElseThrow();
    plant("shop/" + copy + "/keys.2.json", kept);
    assertThat(stranger(old()).list()).extracting(Backup::state).containsExactly(State.UNTRUSTED);
    assertThat(failure(() -> stranger(old()).open(copy, "orders")).kind())
        .isEqualTo(Kind.WRONG_KEY);
    assertThat(content(stranger(next()), copy)).isEqualTo("orders 1");
  }

  @Test
  void whatNobodyProvesIsLeftAloneAndReported() {
    Encryption reader = Encryption.identity(office)
        .trusting(host.getPublic())
        .signedBy(signingKey().getPrivate());
    BackupId real = made(
            host(Encryption.recipients(office.recipient()).signedBy(host.getPrivate())), 1)
        .get(0);
    BackupId forged =
        made(stranger(Encryption.recipients(office.recipient())), 1).get(0);
    BackupId clear = madeInClear();
    Map<String, String> there = stored();
    List<Reencrypted> report = host(reader).reencrypt();
    assertThat(report.get(0).outcome()).isEqualTo(Outcome.REENCRYPTED);
    assertThat(report.subList(1, 3))
        .containsExactly(
            skipped(
                forged,
                "nothing proves who wrote it: it was opened through a recipient's slot, which proves"
                    + " no writer, and it is not signed"),
            skipped(clear, "nothing proves who wrote it: it is not encrypted"));
    assertThat(finished().result()).isEqualTo("1 backups reencrypted, 2 left as they are");
    assertThat(warnings())
        .contains(
            clear + ": it is not reencrypted: nothing proves who wrote it: it is not encrypted");
    there.keySet().removeIf(name -> name.contains(real.toString()));
    assertThat(stored()).containsAllEntriesOf(there);
    assertThat(stranger(reader).list())
        .extracting(Backup::state)
        .containsExactly(State.UNTRUSTED, State.UNTRUSTED, State.COMPLETE);
  }

  @Test
  void aHostThatOnlyWritesFromNowOnTakesOver() {
    BackupId id = made(host(old()), 1).get(0);
    Encryption shop = Encryption.recipients(office.recipient()).signedBy(host.getPrivate());
    Reencrypted done = host(shop.alsoReading(old())).reencrypt().get(0);
    BackupId copy = done.copy().orElseThrow();
    assertThat(done).isEqualTo(new Reencrypted(id, Optional.of(copy), Outcome.REENCRYPTED, ""));
    events.clear();
    Backups reader = stranger(Encryption.identity(office).trusting(host.getPublic()));
    assertThat(reader.list()).extracting(Backup::state).containsExactly(State.COMPLETE);
    assertThat(content(reader, copy)).isEqualTo("orders 1");
    assertThat(ids(stranger(shop))).containsExactly(copy);
    assertNoWarnings();
    assertThat(host(shop.alsoReading(old())).reencrypt())
        .containsExactly(skipped(
            copy,
            "made for other readers: its slots are recipient "
                + office.recipient().id() + "; this has key " + oldKey.id()));
  }

  @Test
  void copiesThatNothingWouldProveAreNotMade() {
    made(host(old()), 1);
    Map<String, String> there = stored();
    BackupException failure =
        failure(() -> host(Encryption.identity(office).alsoReading(old())).reencrypt());
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage(
            "Cannot reencrypt \"shop\" in memory shelf: nothing would prove who wrote the copies, so"
                + " they would not count: let this host sign with signedBy(key). Nothing was done.");
    assertThat(stored()).isEqualTo(there);
  }

  @Test
  void withoutEncryptionThereIsNothingToDoItWith() {
    Backups plain = bare().source(orders).build();
    plain.create(Reason.MANUAL);
    BackupException failure = failure(plain::reencrypt);
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage(
            "Cannot reencrypt \"shop\" in memory shelf: no encryption is configured. Nothing was"
                + " done. With encryption configured new backups are encrypted; those that lie in clear"
                + " stay so.");
  }

  @Test
  void whatIsFoundDamagedStaysAndDoesNotStopTheOthers() {
    List<BackupId> made = made(host(old()), 3);
    BackupId bad = made.get(1);
    String part = "shop/" + bad + "/users.txt.zst.floe";
    byte[] changed = bytes(part);
    changed[changed.length / 2] ^= 1;
    memory.delete(ObjectName.of(part));
    plant(part, changed);
    BackupException failure = failure(() -> host(both()).reencrypt());
    assertThat(failure.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(failure.details()).hasSize(1);
    assertThat(failure.details().get(0))
        .startsWith(bad + ": it is damaged: users: " + part + " is ")
        .contains(", and must be ");
    assertThat(failure)
        .hasMessage("Cannot reencrypt all of \"shop\" in memory shelf: "
            + failure.details().get(0)
            + ". Nothing is lost, and what was done stays done; the next reencrypt goes on.");
    Backups reader = stranger(both());
    assertThat(reader.list())
        .extracting(Backup::state)
        .containsExactly(State.COMPLETE, State.DAMAGED, State.COMPLETE);
    assertThat(ids(reader)).contains(bad).doesNotContain(made.get(0), made.get(2));
    List<Reencrypted> again = host(both()).reencrypt();
    assertThat(again)
        .extracting(Reencrypted::outcome)
        .containsExactly(Outcome.ALREADY, Outcome.SKIPPED, Outcome.ALREADY);
    assertThat(again.get(1).why()).startsWith("it is damaged: users: " + part + " is ");
  }

  /** As a process leaves it that dies when the copy is there and nothing else was done. */
  private BackupId copied(BackupId id) {
    Backups backups = host(
        both(), new Refusing(memory, name -> name.value().contains(id + ".deleted-"), "no room"));
    BackupException failure = failure(backups::reencrypt);
    assertThat(failure.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(failure.details()).containsExactly(id + ": no room");
    Backups reader = stranger(both());
    assertThat(ids(reader)).hasSize(2).contains(id);
    return ids(reader).stream().filter(one -> !one.equals(id)).findFirst().orElseThrow();
  }

  @Test
  void whatHasItsCopyIsOnlyDeleted() {
    BackupId id = made(host(old()), 1).get(0);
    BackupId copy = copied(id);
    host(both()).pin(id, "since then");
    int puts = sink.calls(Call.PUT);
    assertThat(host(both()).reencrypt())
        .containsExactly(
            copy.compareTo(id) < 0 ? already(copy) : reencrypted(id, copy),
            copy.compareTo(id) < 0 ? reencrypted(id, copy) : already(copy));
    assertThat(sink.calls(Call.PUT)).isEqualTo(puts + 2); // the pin and the tombstone
    Backups reader = stranger(next());
    assertThat(ids(reader)).containsExactly(copy);
    assertThat(reader.find(copy).orElseThrow().pins())
        .extracting(Pin::why)
        .containsExactly("since then");
  }

  @Test
  void whatWasPinnedWhileItWasDeletedIsBackFirstAndReencrypted() {
    List<BackupId> made = made(host(old()), 4);
    Backups other = stranger(old());
    FaultySink dying = FaultySink.over(memory);
    Backups backups = host(
        old(), new Meanwhile(dying, Call.PUT, "shop/catalog/" + made.get(0) + ".deleted-", () -> {
          other.pin(made.get(0), "mine");
          dying.failingFrom(
              Call.LIST, dying.calls(Call.LIST) + 1, () -> new NoSpaceException("gone", null));
        }));
    failure(() -> backups.delete(made.get(0)));
    List<Reencrypted> report = host(both()).reencrypt();
    assertThat(report).extracting(Reencrypted::id).isEqualTo(made);
    assertThat(report).extracting(Reencrypted::outcome).containsOnly(Outcome.REENCRYPTED);
    BackupId copy = report.get(0).copy().orElseThrow();
    assertThat(stranger(next()).find(copy).orElseThrow().pins())
        .extracting(Pin::why)
        .containsExactly("mine");
    assertThat(content(stranger(next()), copy)).isEqualTo("orders 1");
  }

  /** A copy for the office alone, whose original is still there: this host can look at no byte of its content. */
  @Test
  void aCopyThatCannotBeOpenedHereReplacesNothing() {
    BackupId id = made(host(old()), 1).get(0);
    Encryption shop =
        Encryption.recipients(office.recipient()).signedBy(host.getPrivate()).alsoReading(old());
    Backups dying = host(
        shop, new Refusing(memory, name -> name.value().contains(id + ".deleted-"), "no room"));
    assertThat(failure(dying::reencrypt).details()).containsExactly(id + ": no room");
    BackupId copy =
        ids(stranger(shop)).stream().filter(one -> !one.equals(id)).findFirst().orElseThrow();
    BackupException failure = failure(() -> host(shop).reencrypt());
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure.details())
        .containsExactly(id + ": its copy " + copy
            + " cannot be opened here: made for other readers: its slots are recipient "
            + office.recipient().id() + "; this has key " + oldKey.id());
    assertThat(content(stranger(old()), id)).isEqualTo("orders 1");
    Encryption reader = shop.alsoReading(Encryption.identity(office));
    assertThat(stranger(reader).reencrypt()).extracting(Reencrypted::id).contains(id);
    assertThat(ids(stranger(reader))).containsExactly(copy);
  }

  @Test
  void aPruneCountsACopyAndItsOriginalAsOne() {
    List<BackupId> made = made(host(old()), 5);
    BackupId newest = made.get(4);
    Backups dying = host(
        both(),
        new Refusing(memory, name -> name.value().contains(newest + ".deleted-"), "no room"));
    failure(dying::reencrypt);
    List<BackupId> four = ids(stranger(both()));
    assertThat(four).hasSize(6).contains(newest);
    Backups pruning = Backups.builder("shop")
        .sink(memory)
        .clock(clock)
        .workDirectory(temp.resolve("pruning"))
        .retention(RetentionPolicy.keepLast(3))
        .encryption(both())
        .listener(events::add)
        .build();
    events.clear();
    assertThat(pruning.prune().removed()).hasSize(2);
    assertThat(warnings())
        .contains("retention: 1 backup in memory shelf has a copy under another key there, which"
            + " counts for both. The next reencrypt removes it.");
    Backups reader = stranger(both());
    assertThat(reader.list().stream().map(b -> content(reader, b.id())).distinct())
        .containsExactly("orders 5", "orders 4", "orders 3");
    assertThat(ids(reader)).contains(newest);
    host(both()).reencrypt();
    Backups now = stranger(next());
    assertThat(now.list().stream().map(b -> content(now, b.id())))
        .containsExactly("orders 5", "orders 4", "orders 3");
  }

  @Test
  void underAThirdKeyTheCopyOfACopyTakesOver() {
    BackupId id = made(host(old()), 1).get(0);
    host(old()).pin(id, "for the audit");
    copied(id);
    Encryption third = Encryption.key(BackupKey.generate());
    List<Reencrypted> report = host(third.alsoReading(both())).reencrypt();
    assertThat(report).extracting(Reencrypted::outcome).containsOnly(Outcome.REENCRYPTED);
    Backups reader = stranger(third);
    assertThat(reader.list()).hasSize(1);
    assertThat(content(reader, ids(reader).get(0))).isEqualTo("orders 1");
    assertThat(reader.list().get(0).pins()).extracting(Pin::why).containsExactly("for the audit");
  }

  @Test
  void aCopyThatIsNotWholeReplacesNothing() {
    BackupId id = made(host(old()), 1).get(0);
    BackupId copy = copied(id);
    String part = "shop/" + copy + "/users.txt.zst.floe";
    memory.delete(ObjectName.of(part));
    BackupException failure = failure(() -> host(both()).reencrypt());
    assertThat(failure.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(failure.details())
        .containsExactly(
            id + ": its copy " + copy + " is not as it was made: users: " + part + " is missing");
    assertThat(content(stranger(old()), id)).isEqualTo("orders 1");
    List<Reencrypted> report = host(both()).reencrypt();
    assertThat(report)
        .extracting(Reencrypted::outcome)
        .containsExactlyInAnyOrder(Outcome.REENCRYPTED, Outcome.SKIPPED);
    assertThat(report).contains(skipped(copy, "it is damaged: users: " + part + " is missing"));
    assertThat(stranger(next()).latest().orElseThrow().state()).isEqualTo(State.COMPLETE);
    assertThat(content(stranger(next()), stranger(next()).latest().orElseThrow().id()))
        .isEqualTo("orders 1");
  }

  @Test
  void aForgedCopyReplacesNothing() throws IOException {
    Encryption reader = both().trusting(host.getPublic());
    BackupId id = made(host(old()), 1).get(0);
    BackupId forged =
        forgedCopyOf(id, Encryption.identity(Identity.generate()).alsoFor(office.recipient()));
    List<Reencrypted> report =
        host(reader.alsoReading(Encryption.identity(office))).reencrypt();
    assertThat(report)
        .extracting(Reencrypted::outcome)
        .containsExactlyInAnyOrder(Outcome.REENCRYPTED, Outcome.SKIPPED);
    assertThat(report)
        .contains(skipped(
            forged,
            "nothing proves who wrote it: it was opened through a recipient's slot, which proves no"
                + " writer, and it is not signed"))
        .noneMatch(one -> one.copy().equals(Optional.of(forged)));
    BackupId copy = stranger(next()).latest().orElseThrow().id();
    assertThat(content(stranger(next()), copy)).isEqualTo("orders 1");
  }

  @Test
  void copiesInACircleReplaceNothing() throws IOException {
    List<BackupId> made = made(host(old()), 1);
    BackupId first = forgedCopyOf(made.get(0), old());
    BackupId second = forgedCopyOf(first, old());
    rewriteReplaces(first, second, old());
    List<Reencrypted> report = host(both()).reencrypt();
    assertThat(report).extracting(Reencrypted::outcome).containsOnly(Outcome.REENCRYPTED);
    assertThat(stranger(next()).list()).hasSize(3);
  }

  /** A whole backup of other content that says it replaces another. */
  private BackupId forgedCopyOf(BackupId old, Encryption forger) throws IOException {
    BackupId forged = made(stranger(forger), 1).get(0);
    rewriteReplaces(forged, old, forger);
    return forged;
  }

  private void rewriteReplaces(BackupId id, BackupId replaced, Encryption own) throws IOException {
    Records records = new Records(new Shelf(memory), "shop", Optional.of(own));
    Manifest m = Manifest.parse(bytes("shop/catalog/" + id + ".json"));
    Manifest changed = new Manifest(
        m.id(),
        m.series(),
        m.identity(),
        m.zone(),
        m.took(),
        m.skew(),
        m.layout(),
        m.state(),
        m.keepUntil(),
        m.readBackBy(),
        m.components(),
        m.details(),
        m.sealed(),
        m.previous(),
        Optional.of(replaced),
        m.writer());
    memory.delete(new SeriesNames("shop").manifest(id));
    memory.delete(new SeriesNames("shop").authentication(id));
    try (Seal seal = records.keys().open(id, any -> {}).seal().orElseThrow()) {
      records.putAuthentication(id, changed.toBytes(), Optional.of(seal));
    }
    records.putManifest(id, changed.toBytes());
  }

  @Test
  void whatIsPinnedAtTheLastMomentStays() {
    BackupId id = made(host(old()), 1).get(0);
    Backups other = stranger(both());
    Backups backups = host(
        both(),
        new Meanwhile(
            memory, Call.PUT, "shop/catalog/" + id + ".deleted-", () -> other.pin(id, "mine")));
    BackupException failure = failure(backups::reencrypt);
    assertThat(failure.kind()).isEqualTo(Kind.BUSY);
    BackupId copy = ids(stranger(both())).stream()
        .filter(one -> !one.equals(id))
        .findFirst()
        .orElseThrow();
    assertThat(failure.details())
        .containsExactly(id + ": it was pinned meanwhile; its copy " + copy + " is there already");
    assertThat(stranger(both()).find(id).orElseThrow().isPinned()).isTrue();
    host(both()).reencrypt();
    Backups reader = stranger(next());
    assertThat(ids(reader)).containsExactly(copy);
    assertThat(reader.find(copy).orElseThrow().pins()).extracting(Pin::why).containsExactly("mine");
  }

  @Test
  void tombstonesAreProvenUnderTheNewKey() {
    List<BackupId> made = made(host(old()), 2);
    Map<String, String> replay = new HashMap<>(stored());
    host(old()).forceDelete(made.get(0), "not needed any more");
    BackupId copy = host(both()).reencrypt().get(0).copy().orElseThrow();
    replay
        .keySet()
        .removeIf(name ->
            !name.contains(made.get(0).toString()) && !name.contains(made.get(1).toString()));
    replay.forEach((name, content) -> {
      if (!stored().containsKey(name)) {
        plant(name, content.getBytes(UTF_8));
      }
    });
    for (Encryption reading : List.of(next(), both())) {
      assertThat(ids(stranger(reading))).containsExactly(copy);
    }
  }

  @Test
  void whatACrashHasLeftOfACopyGoesFirst() throws IOException {
    BackupId id = made(host(old()), 1).get(0);
    Backups backups = host(
        both(),
        new Refusing(memory, name -> name.value().matches("shop/catalog/.*\\.auth"), "no room"));
    memory.list("");
    BackupException failure = failure(backups::reencrypt);
    assertThat(failure.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(failure.details()).containsExactly(id + ": no room");
    assertThat(stored().keySet())
        .allMatch(name ->
            name.contains(id.toString()) || name.matches("shop/(series.json|RECOVERY.txt)"));
    assertThat(litter()).isEmpty();
  }

  private static Reencrypted already(BackupId id) {
    return new Reencrypted(id, Optional.empty(), Outcome.ALREADY, "");
  }

  private static Reencrypted reencrypted(BackupId id, BackupId copy) {
    return new Reencrypted(id, Optional.of(copy), Outcome.REENCRYPTED, "");
  }

  private static Reencrypted skipped(BackupId id, String why) {
    return new Reencrypted(id, Optional.empty(), Outcome.SKIPPED, why);
  }
}
