package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Rewrapped.Outcome;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.KeyWrap;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Slots are changed, and nothing else. */
class RewrapTest extends RotationShop {
  @Test
  void aPassphraseIsChanged() {
    Encryption before = Encryption.passphrase("correct horse battery".toCharArray());
    Encryption after = Encryption.passphrase("staple of the shop".toCharArray());
    List<BackupId> made = made(host(before), 2);
    host(before).pin(made.get(0), "for the audit");
    Map<String, String> there = stored();
    Backups both = host(after.alsoReading(before)).by("office");
    assertThat(both.rewrap(after)).containsExactly(rewrapped(made.get(0)), rewrapped(made.get(1)));
    assertThat(finished().result()).isEqualTo("2 backups rewrapped, 0 left as they are");
    assertThat(finished().run().verb()).isEqualTo("rewrap");
    assertThat(finished().run().by()).isEqualTo("office");
    assertNoWarnings();

    Map<String, String> now = stored();
    there.keySet().removeIf(name -> name.endsWith("/keys.json"));
    assertThat(now).containsAllEntriesOf(there).hasSize(there.size() + 2);
    for (BackupId id : made) {
      assertThat(folder(id))
          .containsExactly("keys.2.json", "orders.txt.zst.floe", "users.txt.zst.floe");
    }
    Backups reader = stranger(after);
    assertThat(reader.list()).extracting(Backup::state).containsOnly(State.COMPLETE);
    assertThat(reader.find(made.get(0)).orElseThrow().pins())
        .extracting(Pin::why)
        .containsExactly("for the audit");
    assertThat(content(reader, made.get(0))).isEqualTo("orders 1");
    reader.verify(made.get(1), Depth.DRILL);
    assertNoWarnings();
    for (Backups late : List.of(stranger(before), host(before))) {
      assertThat(late.list()).extracting(Backup::state).containsOnly(State.UNTRUSTED);
      assertThat(failure(() -> late.open(made.get(0), "orders")).kind()).isEqualTo(Kind.WRONG_KEY);
    }
  }

  @Test
  void calledAgainItFindsNothingToDo() {
    List<BackupId> made = made(host(old()), 2);
    host(old()).rewrap(next());
    Map<String, String> there = stored();
    int puts = sink.calls(Call.PUT);
    for (Encryption configured : List.of(old(), both(), next())) {
      assertThat(host(configured).rewrap(next()))
          .containsExactly(
              new Rewrapped(made.get(0), false, Outcome.ALREADY, ""),
              new Rewrapped(made.get(1), false, Outcome.ALREADY, ""));
    }
    assertThat(stored()).isEqualTo(there);
    assertThat(sink.calls(Call.PUT)).isEqualTo(puts);
    assertThat(finished().result()).isEqualTo("0 backups rewrapped, 0 left as they are");
  }

  @Test
  void aReaderComesAndGoes() {
    BackupId id = made(host(old()), 1).get(0);
    Encryption withOffice = old().alsoFor(office.recipient());
    host(old()).rewrap(withOffice);
    assertThat(content(stranger(old()), id)).isEqualTo("orders 1");
    assertThat(stranger(Encryption.identity(office)).list())
        .extracting(Backup::untrusted)
        .containsExactly(Optional.of(
            "it was opened through a recipient's slot, which proves no writer, and it is not"
                + " signed"));
    host(withOffice).rewrap(old());
    assertThat(folder(id)).contains("keys.3.json").doesNotContain("keys.json", "keys.2.json");
    assertThat(stranger(Encryption.identity(office)).list())
        .extracting(Backup::untrusted)
        .containsExactly(Optional.of(
            "it cannot be opened here and is not signed by anyone whom this host trusts"));
    assertThat(content(stranger(old()), id)).isEqualTo("orders 1");
  }

  @Test
  void whatASignatureProvesMayBeForRecipientsOnly() {
    BackupId id = made(host(old().signedBy(host.getPrivate())), 1).get(0);
    Encryption shop = Encryption.recipients(office.recipient()).signedBy(host.getPrivate());
    assertThat(host(old().signedBy(host.getPrivate())).rewrap(shop)).containsExactly(rewrapped(id));
    Backups reader = stranger(Encryption.identity(office).trusting(host.getPublic()));
    assertThat(reader.list()).extracting(Backup::state).containsExactly(State.COMPLETE);
    assertThat(content(reader, id)).isEqualTo("orders 1");
    assertThat(stranger(shop).list()).extracting(Backup::state).containsExactly(State.COMPLETE);
  }

  @Test
  void whatOnlyItsSlotProvesIsNotMadeUnprovable() {
    BackupId id = made(host(old()), 1).get(0);
    Map<String, String> there = stored();
    BackupException failure =
        failure(() -> host(old()).rewrap(Encryption.recipients(office.recipient())));
    String why =
        "it is not signed, and nothing in the new slots would prove who wrote it; reencrypt() writes"
            + " it anew, signed with signedBy(key)";
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage("Cannot rewrap all of \"shop\" in memory shelf: " + id + ": " + why
            + ". Nothing is lost, and what was done stays done; the next rewrap goes on.");
    assertThat(failure.details()).containsExactly(id + ": " + why);
    assertThat(stored()).isEqualTo(there);
  }

  @Test
  void whatAnybodyCouldHaveForgedIsNotBlessed() {
    Encryption reader = Encryption.identity(office).trusting(host.getPublic());
    BackupId real = made(
            host(Encryption.recipients(office.recipient()).signedBy(host.getPrivate())), 1)
        .get(0);
    BackupId forged =
        made(stranger(Encryption.recipients(office.recipient())), 1).get(0);
    BackupId clear = madeInClear();
    BackupId foreign = made(stranger(Encryption.key(BackupKey.generate())), 1).get(0);
    List<String> before = folder(forged);
    Map<String, String> there = stored();

    List<Rewrapped> report = host(reader).rewrap(next());
    assertThat(report)
        .containsExactly(
            rewrapped(real),
            skipped(
                forged,
                "nothing proves who wrote it: it was opened through a recipient's slot, which proves"
                    + " no writer, and it is not signed"),
            skipped(clear, "nothing proves who wrote it: it is not encrypted"),
            skipped(
                foreign,
                "nothing proves who wrote it: it cannot be opened here and is not signed by anyone"
                    + " whom this host trusts"));
    assertThat(report.get(1))
        .hasToString("Rewrapped[id=" + forged
            + ", tombstone=false, outcome=SKIPPED, why=nothing proves who wrote"
            + " it: it was opened through a recipient's slot, which proves no writer, and it is not"
            + " signed]");
    assertThat(finished().result()).isEqualTo("1 backups rewrapped, 3 left as they are");
    assertThat(warnings())
        .contains(
            clear + ": it is not rewrapped: nothing proves who wrote it: it is not encrypted");
    assertThat(folder(forged)).isEqualTo(before);
    Map<String, String> now = stored();
    now.keySet().removeIf(name -> name.contains(real.toString()));
    there.keySet().removeIf(name -> name.contains(real.toString()));
    assertThat(now).isEqualTo(there);
    assertThat(stranger(next()).find(forged).orElseThrow().state()).isEqualTo(State.UNTRUSTED);
    assertThat(content(stranger(next()), real)).isEqualTo("orders 1");
  }

  @Test
  void whatCannotBeOpenedHereStaysAsItIs() {
    Encryption shop = Encryption.recipients(office.recipient()).signedBy(host.getPrivate());
    BackupId id = made(host(shop), 1).get(0);
    assertThat(host(shop).rewrap(next().signedBy(host.getPrivate())))
        .containsExactly(skipped(
            id,
            "made for other readers: its slots are recipient "
                + office.recipient().id() + "; this has key " + newKey.id()));
    assertThat(folder(id)).contains("keys.json");
  }

  @Test
  void withoutEncryptionThereIsNothingToChange() {
    Backups plain = bare().source(orders).build();
    plain.create(Reason.MANUAL);
    BackupException failure = failure(() -> plain.rewrap(next()));
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage(
            "Cannot rewrap \"shop\" in memory shelf: no encryption is configured, so there are no"
                + " slots to change. Nothing was done. With encryption configured new backups are"
                + " encrypted; those that lie in clear stay so.");
  }

  @Test
  void readersWithoutTheirSecretsAreRefused() {
    BackupId id = made(host(old()), 1).get(0);
    Encryption gone = next();
    gone.destroy();
    BackupException failure = failure(() -> host(old()).rewrap(gone));
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure)
        .hasMessage(
            "Cannot rewrap \"shop\" in memory shelf: the new encryption was destroyed. Nothing was"
                + " done.");
    assertThat(folder(id)).contains("keys.json");
  }

  @Test
  void theNumberOfTheNewSlotsIsAboveEveryOther() {
    BackupId id = made(host(old()), 1).get(0);
    plant("shop/" + id + "/keys.7.json", "not of ours".getBytes(UTF_8));
    plant("shop/" + id + "/keys.3.json", new byte[100_000]);
    host(old()).rewrap(next());
    assertThat(folder(id))
        .filteredOn(name -> name.startsWith("keys"))
        .containsExactly("keys.8.json");
    assertThat(content(stranger(next()), id)).isEqualTo("orders 1");
    plant("shop/" + id + "/keys.999999.json", "not of ours".getBytes(UTF_8));
    BackupException failure = failure(() -> host(next()).rewrap(old()));
    assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
    assertThat(failure.details())
        .containsExactly(id + ": shop/" + id
            + "/keys.999999.json is there, which is not of ours, and there is no number after it;"
            + " delete it");
    assertThat(content(stranger(next()), id)).isEqualTo("orders 1");
  }

  @Test
  void aDeletedBackupIsKnownToBeDeletedUnderTheNewKey() {
    Backups backups = host(old());
    List<BackupId> made = made(backups, 2);
    Map<String, String> replay = new HashMap<>(stored());
    backups.by("office").forceDelete(made.get(0), "not needed any more");
    assertThat(host(both()).rewrap(next()))
        .containsExactly(
            rewrapped(made.get(1)), new Rewrapped(made.get(0), true, Outcome.REWRAPPED, ""));
    events.clear();
    Backups reader = stranger(next());
    assertThat(ids(reader)).containsExactly(made.get(1));
    assertNoWarnings(); // the tombstone explains the gap
    replay.keySet().removeIf(name -> !name.contains(made.get(0).toString()));
    replay.forEach((name, content) -> plant(name, bytesOf(content)));
    for (Encryption reading : List.of(next(), both())) {
      assertThat(ids(stranger(reading))).containsExactly(made.get(1));
    }
    assertThat(host(both()).rewrap(next()))
        .containsExactly(
            new Rewrapped(made.get(1), false, Outcome.ALREADY, ""),
            new Rewrapped(made.get(0), true, Outcome.ALREADY, ""));
    assertThat(tombstones(made.get(0))).hasSize(1);
  }

  private static byte[] bytesOf(String text) {
    return text.getBytes(UTF_8);
  }

  private List<String> tombstones(BackupId id) {
    return stored().keySet().stream()
        .filter(name -> name.contains(id + ".deleted-"))
        .toList();
  }

  @Test
  void aTombstoneThatOnlyASignatureProvesKeepsIt() {
    Encryption shop = old().signedBy(host.getPrivate());
    List<BackupId> made = made(host(shop), 2);
    host(shop).forceDelete(made.get(0), "not needed any more");
    Encryption reader = Encryption.identity(office).trusting(host.getPublic());
    List<Rewrapped> report = host(shop).rewrap(Encryption.recipients(office.recipient()));
    assertThat(report)
        .containsExactly(
            rewrapped(made.get(1)), new Rewrapped(made.get(0), true, Outcome.REWRAPPED, ""));
    events.clear();
    assertThat(ids(stranger(reader))).containsExactly(made.get(1));
    assertNoWarnings();
  }

  @Test
  void aForgedTombstoneIsNotBlessed() throws IOException {
    Encryption reader = Encryption.identity(office).trusting(host.getPublic());
    List<BackupId> made =
        made(host(Encryption.recipients(office.recipient()).signedBy(host.getPrivate())), 1);
    BackupId id = made.get(0);
    for (Encryption forger :
        List.of(Encryption.recipients(office.recipient()), Encryption.key(BackupKey.generate()))) {
      Mark forged = Mark.of(Mark.Kind.DELETED, id, "shop", clock.instant(), "", "gone");
      plant(
          new SeriesNames("shop")
              .mark(id, Mark.Kind.DELETED, BackupId.randomTail())
              .value(),
          new Marks("shop", Optional.of(forger)).write(forged, Optional.empty()));
    }
    List<String> before = tombstones(id);
    List<Rewrapped> report = host(reader).rewrap(next());
    assertThat(report)
        .extracting(Rewrapped::outcome)
        .containsExactly(Outcome.REWRAPPED, Outcome.SKIPPED, Outcome.SKIPPED);
    assertThat(tombstones(id)).isEqualTo(before);
    assertThat(ids(stranger(next()))).containsExactly(id);
  }

  @Test
  void slotsThatDoNotOpenAgainAreNotPut() {
    BackupId id = made(host(old()), 1).get(0);
    Map<String, String> there = stored();
    BackupException failure =
        failure(() -> host(old()).rewrap(Encryption.wrappedBy(new Forgetful())));
    assertThat(failure.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(failure.details())
        .containsExactly(id
            + ": keys.json is damaged: a slot for service forgetful opens, and its key does not"
            + " prove the rest right");
    assertThat(stored()).isEqualTo(there);
  }

  @Test
  void slotsThatWereStoredHalfReplaceNone() {
    BackupId id = made(host(old()), 1).get(0);
    Map<String, String> there = stored();
    int next = sink.calls(Call.PUT) + 1;
    sink.halvingPut(next);
    BackupException failure = failure(() -> host(old()).rewrap(next()));
    assertThat(failure.kind()).isEqualTo(Kind.SINK);
    assertThat(failure.details()).hasSize(1);
    assertThat(failure.details().get(0))
        .startsWith(id + ": shop/" + id + "/keys.2.json was sent as ")
        .contains(", and is stored as ");
    assertThat(stored()).containsAllEntriesOf(there).hasSize(there.size() + 1);
    assertThat(content(stranger(both()), id)).isEqualTo("orders 1");
    sink.healed();
    assertThat(host(old()).rewrap(next())).containsExactly(rewrapped(id));
    assertThat(folder(id))
        .filteredOn(name -> name.startsWith("keys"))
        .containsExactly("keys.3.json");
  }

  @Test
  void slotsThatAreNotListedReplaceNone() {
    BackupId id = made(host(old()), 1).get(0);
    sink.hiding(name -> name.value().endsWith("keys.2.json"));
    BackupException failure = failure(() -> host(old()).rewrap(next()));
    assertThat(failure.kind()).isEqualTo(Kind.SINK);
    assertThat(failure.details())
        .containsExactly(id + ": shop/" + id + "/keys.2.json was put, and is not listed");
    assertThat(content(stranger(old()), id)).isEqualTo("orders 1");
    assertThat(folder(id)).contains("keys.json", "keys.2.json"); // another host may rely on it
    sink.healed();
    assertThat(host(old()).rewrap(next())).containsExactly(rewrapped(id));
    assertThat(folder(id)).contains("keys.2.json").doesNotContain("keys.json", "keys.3.json");
  }

  @Test
  void oneThatFailsDoesNotStopTheOthers() {
    List<BackupId> made = made(host(old()), 3);
    BackupId bad = made.get(1);
    String why = "\"shop/" + bad + "/keys.2.json\" is refused";
    Backups backups =
        host(old(), new Refusing(memory, name -> name.value().endsWith(bad + "/keys.2.json"), why));
    BackupException failure = failure(() -> backups.rewrap(next()));
    assertThat(failure.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(failure)
        .hasMessage("Cannot rewrap all of \"shop\" in memory shelf: " + bad + ": " + why
            + ". Nothing is lost, and what was done stays done; the next rewrap goes on.");
    assertThat(content(stranger(next()), made.get(0))).isEqualTo("orders 1");
    assertThat(content(stranger(old()), bad)).isEqualTo("orders 2");
    assertThat(content(stranger(next()), made.get(2))).isEqualTo("orders 3");
    assertThat(host(old()).rewrap(next()))
        .extracting(Rewrapped::outcome)
        .containsExactly(Outcome.ALREADY, Outcome.REWRAPPED, Outcome.ALREADY);
  }

  @Test
  void anInterruptEndsItAtOnce() {
    List<BackupId> made = made(host(old()), 2);
    sink.failing(
        Call.PUT,
        sink.calls(Call.PUT) + 1,
        Moment.BEFORE,
        () -> new InterruptedIOException("interrupted"));
    BackupException failure = failure(() -> host(old()).rewrap(next()));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(failure.kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(failure.details()).containsExactly(made.get(0) + ": interrupted");
    assertThat(folder(made.get(1))).contains("keys.json");
    assertThat(host(old()).rewrap(next())).hasSize(2);
  }

  @Test
  void whatWasDeletedMeanwhileIsNoFailure() {
    List<BackupId> made = made(host(old()), 2);
    Backups other = stranger(old());
    Backups backups = host(
        old(),
        new Meanwhile(
            memory,
            Call.PUT,
            "shop/" + made.get(0) + "/keys",
            () -> other.forceDelete(made.get(1), "mine")));
    host(old()).list(); // so that the manifest is cached
    assertThat(backups.rewrap(next()))
        .containsExactly(rewrapped(made.get(0)), skipped(made.get(1), "it was deleted meanwhile"));
  }

  @Test
  void whatIsDamagedIsReported() {
    List<BackupId> made = made(host(old()), 2);
    memory.delete(Objects.requireNonNull(new SeriesNames("shop").keys(made.get(0), 1)));
    assertThat(stranger(old()).rewrap(next()))
        .containsExactly(
            skipped(
                made.get(0),
                "shop/" + made.get(0) + "/keys.json is missing: without it nothing opens the"
                    + " backup"),
            rewrapped(made.get(1)));
  }

  /** As a prune leaves it that dies right after its tombstone, when somebody has pinned what it was about to remove. */
  private void deletedAndPinned(BackupId id) {
    Backups other = stranger(old());
    FaultySink dying = FaultySink.over(memory);
    Backups backups =
        host(old(), new Meanwhile(dying, Call.PUT, "shop/catalog/" + id + ".deleted-", () -> {
          other.pin(id, "mine");
          dying.failingFrom(
              Call.LIST, dying.calls(Call.LIST) + 1, () -> new NoSpaceException("gone", null));
        }));
    assertThat(failure(() -> backups.delete(id)).kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(ids(stranger(old()))).doesNotContain(id);
  }

  @Test
  void whatWasPinnedWhileItWasDeletedIsBackFirst() {
    List<BackupId> made = made(host(old()), 4);
    deletedAndPinned(made.get(0));
    assertThat(host(both()).rewrap(next()))
        .isEqualTo(made.stream().map(RewrapTest::rewrapped).toList());
    assertThat(warnings())
        .containsOnlyOnce(made.get(0)
            + ": was pinned while an earlier prune or delete was about to remove it; it is kept and"
            + " listed again");
    assertThat(folder(made.get(0))).contains("keys.2.json").doesNotContain("keys.json");
    assertThat(content(stranger(next()), made.get(0))).isEqualTo("orders 1");
    assertThat(stranger(next()).find(made.get(0)).orElseThrow().pins())
        .extracting(Pin::why)
        .containsExactly("mine");
  }

  @Test
  void whatWasBegunToBeDeletedIsGoneFirst() {
    List<BackupId> made = made(host(old()), 2);
    Backups dying = host(
        old(),
        FaultySink.over(memory)
            // the first one only asks whether it may
            .failingFrom(Call.DELETE, 2, () -> new NoSpaceException("gone", null)));
    failure(() -> dying.forceDelete(made.get(0), "not needed any more"));
    assertThat(folder(made.get(0))).contains("keys.json");
    host(both()).rewrap(next());
    assertThat(folder(made.get(0))).isEmpty(); // or the old slots would stay
  }

  private static Rewrapped rewrapped(BackupId id) {
    return new Rewrapped(id, false, Outcome.REWRAPPED, "");
  }

  private static Rewrapped skipped(BackupId id, String why) {
    return new Rewrapped(id, false, Outcome.SKIPPED, why);
  }

  /** A key service that gives back another key than it was given. */
  private static final class Forgetful implements KeyWrap {
    @Override
    public String id() {
      return "forgetful";
    }

    @Override
    public byte[] wrap(byte[] dataKey, String context) {
      return dataKey;
    }

    @Override
    public byte[] unwrap(byte[] wrapped, String context) {
      return new byte[32];
    }

    @Override
    public boolean provesOrigin() {
      return true;
    }
  }
}
