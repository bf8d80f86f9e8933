package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Scrutiny.Ending;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.Authentication;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Purpose;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.Damages;
import dev.lifeboat.testkit.Damages.Change;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.WatchedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What somebody can do who may write to the store, knows the format and every public key, and has none of the secrets:
 * each of his works is told for what it is, and costs no genuine backup.
 */
@Tag("harness")
class ForgeryTest {
  private static final Map<Crew, Fleet> FLEETS = new EnumMap<>(Crew.class);

  @TempDir
  static Path directory;

  private static Path shared = Path.of("");

  @TempDir
  Path own;

  private Path temp = Path.of("");
  private Crew crew = Crew.KEY;
  private Fleet fleet;
  private Damages damages;
  private Scrutiny scrutiny;
  private int tried;

  @BeforeAll
  static void build() throws IOException {
    shared = WatchedDisk.unforced(directory);
    for (Crew crew : Crew.values()) {
      FLEETS.put(crew, crew.fleet(shared.resolve(crew.name())));
    }
  }

  @BeforeEach
  void begin() throws IOException {
    launch(Crew.KEY);
  }

  private void launch(Crew with) throws IOException {
    crew = with;
    temp = WatchedDisk.unforced(own);
    fleet = Objects.requireNonNull(FLEETS.get(with));
    damages = fleet.damages;
    scrutiny = new Scrutiny(fleet, backups(shared.resolve(crew.name()), crew.reader()));
    assertThat(scrutiny.whole().warnings()).isEmpty();
  }

  @AfterEach
  void heal() throws IOException {
    damages.heal(fleet.memory);
  }

  private Backups backups(Path work, Encryption encryption) {
    return Backups.builder("shop")
        .sink(fleet.memory)
        .clock(fleet.clock)
        .workDirectory(work)
        .patience(Duration.ZERO)
        .encryption(encryption)
        .build();
  }

  private byte[] object(ObjectName name) {
    return Objects.requireNonNull(damages.objects().get(name), name.value());
  }

  private ObjectName manifest() {
    return Shop.manifest(fleet.plain);
  }

  private ObjectName auth() {
    return Shop.authentication(fleet.plain);
  }

  private ObjectName keys() {
    return fleet.series.names().keys(fleet.plain, 1);
  }

  /** How each verb must end. */
  private record Fate(Set<Kind> kinds, Kind verified, String why) {
    static Fate damaged(String why) {
      return new Fate(EnumSet.of(Kind.DAMAGED), Kind.DAMAGED, why);
    }

    static Fate newer(String why) {
      return new Fate(EnumSet.of(Kind.REFUSED), Kind.REFUSED, why);
    }

    static Fate unproven(String why) {
      return new Fate(
          EnumSet.of(Kind.REFUSED), Kind.UNPROVEN, "nothing proves who wrote it: " + why);
    }

    static Fate locked(String why) {
      return new Fate(EnumSet.of(Kind.WRONG_KEY), Kind.WRONG_KEY, why);
    }
  }

  /** Done to the one backup, by itself. */
  private void attempt(Change change, Fate fate) throws IOException {
    try {
      change.inflict(fleet.memory);
      for (String component : List.of("orders", "uploads")) {
        assertEnding(scrutiny.open(fleet.plain, component), fate.kinds(), fate.why());
      }
      assertEnding(scrutiny.restore(fleet.plain), fate.kinds(), fate.why());
      scrutiny.assertOthersAreAsBefore(Set.of(fleet.plain));
      assertEnding(scrutiny.verify(fleet.plain), Set.of(fate.verified()), fate.why());
      damages.heal(fleet.memory);
      change.inflict(fleet.memory);
      assertThat(scrutiny.restore(fleet.marked)).isEqualTo(Ending.WELL);
      tried++;
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(crew + ": " + change + ": " + e.getMessage(), e);
    } finally {
      damages.heal(fleet.memory);
    }
  }

  private static void assertEnding(Ending ending, Set<Kind> kinds, String why) {
    assertThat(ending.kind()).as("%s", ending).isPresent();
    assertThat(kinds).as("%s", ending).contains(ending.kind().orElseThrow());
    assertThat(ending.message()).contains(why);
  }

  /** The same manifest with something else in it, the digest that it then has, and MAC and signature as they were. */
  private Change edited(String before, String after) {
    String text = Forger.text(object(manifest()));
    String changed = text.replaceFirst(before, after);
    assertThat(changed).as(before).isNotEqualTo(text);
    return manifestIs(before + " becomes " + after, Forger.bytes(changed));
  }

  private Change manifestIs(String words, byte[] manifest) {
    return Damages.together(
        Damages.change(words, manifest(), manifest),
        Damages.change(
            "its digest is right", auth(), Forger.withDigestOf(manifest, object(auth()))));
  }

  private Change authIs(String words, Map<String, ?> put, List<String> without) {
    return Damages.change(words, auth(), Forger.edited(object(auth()), put, without));
  }

  private String forged() {
    String signer = String.valueOf(Forger.members(object(auth())).get("signer"));
    return manifest() + " is damaged or forged: "
        + (crew == Crew.KEY
            ? "the MAC is wrong: the manifest was changed, or is not what was written with this"
                + " backup's key"
            : "the signature of " + signer
                + " is wrong: the manifest was changed, or is not what was signed");
  }

  @ParameterizedTest
  @EnumSource
  void everyFieldOfTheManifestIsProven(Crew with) throws IOException {
    launch(with);
    for (String[] edit : new String[][] {
      {"\"application\": \"shop\"", "\"application\": \"club\""},
      {"\"environment\": \"default\"", "\"environment\": \"test\""},
      {"\"host\": \"", "\"host\": \"x"},
      {"\"zone\": \"[^\"]*\"", "\"zone\": \"Asia/Tokyo\""},
      {"\"tookMillis\": \\d+", "\"tookMillis\": 987654"},
      {"\"skewMillis\": \\d+", "\"skewMillis\": 987654"},
      {"\"state\": \"complete\"", "\"state\": \"suspect\""},
      {"\"state\": \"complete\"", "\"state\": \"incomplete\""},
      {"\"layout\"", "\"keepUntil\": \"2030-01-01T00:00:00Z\", \"layout\""},
      {"\"type\": \"paper\"", "\"type\": \"papyrus\""},
      {"\"floe\"", "\"gzip\", \"floe\""},
      {"\"floe\"", "\"zstd\", \"floe\""},
      {"\"size\": \\d+", "\"size\": 1"},
      {"\"sha256\": \"[0-9a-f]{8}", "\"sha256\": \"00000000"},
      {"\"sealed\": \"AA", "\"sealed\": \"AB"},
      {"\"sealed\": \"[^\"]*\"", "\"sealed\": \"AAAA\""},
      {"\"writer\": \"", "\"writer\": \"x"},
      {"\"previous\"", "\"unknown\": 1, \"previous\""},
      {"(?s),\\s*\"previous\": \\{.*?\\}", ""},
      {"(?s)\\s*\"sealed\"\\s*\\]", "]"},
      {"\"format\": 1", "\"format\":  1"}
    }) {
      attempt(edited(edit[0], edit[1]), Fate.damaged(forged()));
    }
    String newer = ": needs a newer version of Lifeboat than this";
    attempt(edited("\"format\": 1", "\"format\": 2"), Fate.newer(newer));
    attempt(edited("\"layout\": \"parts\"", "\"layout\": \"chunks\""), Fate.newer(newer));
    attempt(edited("\"critical\": \\[", "\"critical\": [\"more\","), Fate.newer(newer));
    attempt(
        edited("(?s)\\[\\s*\"floe\"\\s*\\]", "[]"),
        Fate.damaged("codecs must end with floe, for the manifest is sealed"));
    attempt(
        edited("\"floe\"", "\"floe\", \"gzip\""),
        Fate.damaged("codecs must end with floe, for the manifest is sealed"));
    attempt(
        edited("\"sealed\": \"[^\"]*\"", "\"details\": {}"),
        Fate.damaged(manifest() + " is damaged: "));
    attempt(
        edited("\"series\": \"shop\"", "\"series\": \"club\""),
        Fate.damaged(manifest() + " is damaged: "));
    attempt(
        edited("\"id\": \"" + fleet.plain + "\"", "\"id\": \"" + fleet.packed + "\""),
        Fate.damaged(manifest() + " is damaged: "));
    swapNamesOfComponents();
    told("a field of a sealed manifest is changed, and its digest with it");
  }

  /** Component for component, with parts that are there: only what proves the manifest can tell. */
  private void swapNamesOfComponents() throws IOException {
    String text = Forger.text(object(manifest()));
    String swapped = text.replace("/orders.", "/%.")
        .replace("/uploads.", "/orders.")
        .replace("/%.", "/uploads.");
    attempt(
        manifestIs("the parts of two components are swapped", Forger.bytes(swapped)),
        Fate.damaged(manifest() + " is damaged"));
    String sealed = Forger.text(object(Shop.manifest(fleet.marked)))
        .replaceFirst("(?s).*\"sealed\": \"([^\"]*)\".*", "$1");
    attempt(
        edited("\"sealed\": \"[^\"]*\"", "\"sealed\": \"" + sealed + "\""), Fate.damaged(forged()));
  }

  @ParameterizedTest
  @EnumSource
  void whatProvesItCannotBeTakenAwayOrReplaced(Crew with) throws IOException {
    launch(with);
    Encryption other = Encryption.key(Crew.OTHER_KEY).signedBy(Crew.OTHER_HOST.getPrivate());
    Authentication stranger =
        other.authenticate(Purpose.MANIFEST, object(manifest()), Optional.empty());
    String signer = stranger.signer().orElseThrow();
    Map<String, Object> signed = new LinkedHashMap<>();
    signed.put("signature", stranger.signature().orElseThrow());
    signed.put("signer", signer);
    List<String> signature = List.of("signature", "signer");
    Authentication mark =
        crew.writer().authenticate(Purpose.MARK, object(manifest()), Optional.empty());
    attempt(
        authIs("nothing proves it", Map.of(), List.of("mac", "signature", "signer")),
        Fate.unproven("it has no signature and no MAC"));
    attempt(
        authIs("a MAC of zeros", Map.of("mac", "0".repeat(64)), signature),
        Fate.damaged("the MAC is wrong: the manifest was changed"));
    attempt(
        authIs("a MAC that is none", Map.of("mac", "x"), signature),
        Fate.damaged("the MAC is wrong: the manifest was changed"));
    attempt(
        authIs("a signature without signer", Map.of("signature", ""), List.of("signer")),
        Fate.damaged("a signature and its signer come together"));
    String unknown = "it is signed by " + signer + ", whom this host does not trust";
    attempt(authIs("a stranger signs", signed, List.of("mac")), Fate.unproven(unknown));
    if (crew == Crew.KEY) {
      told("what proves a manifest is taken away or replaced");
      return;
    }
    String opened =
        "it was opened through a recipient's slot, which proves no writer, and it is not signed";
    attempt(authIs("the signature is taken away", Map.of(), signature), Fate.unproven(opened));
    attempt(authIs("a stranger signs, beside the MAC", signed, List.of()), Fate.unproven(unknown));
    attempt(
        authIs(
            "a stranger's signature in the name of the signer",
            Map.of("signature", stranger.signature().orElseThrow()),
            List.of()),
        Fate.damaged(forged()));
    attempt(
        authIs(
            "the signature of a mark",
            Map.of("signature", mark.signature().orElseThrow()),
            List.of()),
        Fate.damaged(forged()));
    attempt(
        authIs("half a signature", Map.of("signature", "AAAA"), List.of()),
        Fate.damaged("the signature does not have 64 bytes"));
    attempt(
        authIs("no signature at all", Map.of("signature", "!"), List.of()),
        Fate.damaged("the signature is not base64"));
    told("what proves a manifest is taken away or replaced");
  }

  /** Nothing of it is sealed, and its digest is right. */
  @ParameterizedTest
  @EnumSource
  void aManifestInClearInThePlaceOfASealedOneIsRefused(Crew with) throws IOException {
    launch(with);
    Fleet clear = new Fleet(temp.resolve("clear"));
    String id = clear.plain.toString();
    Map<ObjectName, byte[]> objects = clear.damages.objects();
    List<Change> changes = new ArrayList<>();
    String text = Forger.text(Objects.requireNonNull(objects.get(Shop.manifest(clear.plain))));
    byte[] manifest = Forger.bytes(text.replace(id, fleet.plain.toString()));
    changes.add(Damages.change("a manifest in clear", manifest(), manifest));
    byte[] proof = Forger.withDigestOf(manifest, object(auth()));
    changes.add(Damages.change("with its digest", auth(), proof));
    for (ObjectName part : clear.partsOf(clear.plain)) {
      changes.add(Damages.change(
          "with its parts",
          ObjectName.of(part.value().replace(id, fleet.plain.toString())),
          Objects.requireNonNull(objects.get(part))));
    }
    for (ObjectName part : fleet.partsOf(fleet.plain)) {
      changes.add(damages.dropped(part));
    }
    attempt(Damages.together(changes.toArray(Change[]::new)), Fate.unproven("it is not encrypted"));
    changes.set(
        1,
        Damages.change(
            "with the digest alone",
            auth(),
            Forger.edited(proof, Map.of(), List.of("mac", "signature", "signer"))));
    attempt(Damages.together(changes.toArray(Change[]::new)), Fate.unproven("it is not encrypted"));
    told("a manifest in clear in the place of a sealed one");
  }

  @ParameterizedTest
  @EnumSource
  void wholeBackupsOfStrangersAreNeitherCountedNorRestoredAndCostNoneOfOurs(Crew with)
      throws IOException {
    launch(with);
    BackupId newest = fleet.ids().get(0);
    Map<String, Encryption> strangers = new LinkedHashMap<>();
    strangers.put("for the recipient", Encryption.recipients(Crew.OFFICE.recipient()));
    strangers.put(
        "for the recipient, signed by another",
        Encryption.recipients(Crew.OFFICE.recipient()).signedBy(Crew.OTHER_HOST.getPrivate()));
    strangers.put("with another key", Encryption.key(Crew.OTHER_KEY));
    strangers.put(
        "with another key and for the recipient",
        Encryption.key(Crew.OTHER_KEY).alsoFor(Crew.OFFICE.recipient()));
    for (Map.Entry<String, Encryption> stranger : strangers.entrySet()) {
      Series forger = fleet.series(
          "shop",
          fleet.memory,
          temp.resolve(stranger.getKey()),
          Compression.none(),
          Optional.of(stranger.getValue()));
      List<BackupId> made = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        fleet.clock.advance(Duration.ofMinutes(1));
        fleet.orders.live = "everything is free";
        made.add(new Creation(forger, Announcer.silent(forger))
            .create(CreateRequest.of(Reason.MANUAL))
            .id());
      }
      Catalogue.View view = scrutiny.assertOthersAreAsBefore(Set.of());
      assertThat(view.backups()).hasSize(9);
      for (BackupId id : made) {
        Backup listed = view.require(id, "find", "here");
        assertThat(listed.state()).as(stranger.getKey()).isEqualTo(State.UNTRUSTED);
        assertThat(view.warnings())
            .anyMatch(warning ->
                warning.startsWith(id + " does not count: nothing proves who wrote it: "));
      }
      assertThat(view.newest(fleet.clock.instant(), true).orElseThrow().id()).isEqualTo(newest);
      fleet.orders.live = "what is live";
      BackupException refused = Shop.failure(() -> new Restoration(
              fleet.series,
              Announcer.silent(fleet.series),
              RestoreRequest.inPlace(made.get(0)).withoutBackupBefore())
          .restore());
      boolean readable = crew != Crew.KEY && !stranger.getKey().equals("with another key");
      assertThat(refused.kind()).isEqualTo(readable ? Kind.REFUSED : Kind.WRONG_KEY);
      assertThat(refused).hasMessageEndingWith(". What is live is as it was.");
      assertThat(fleet.orders.live).isEqualTo("what is live");
      prune();
      assertThat(Shop.ids(new Catalogue(fleet.series).read().backups())).containsAll(made);
      tried += made.size();
      damages.heal(fleet.memory);
    }
    told("a whole backup of a stranger");
  }

  /** Under the id of a genuine one, all of it: with a right digest, MAC and signature of its own. */
  @ParameterizedTest
  @EnumSource
  void aBackupOfAStrangerUnderTheIdOfOursIsNotTakenForIt(Crew with) throws IOException {
    launch(with);
    Fleet other = new Fleet(
        temp.resolve("other"),
        Encryption.recipients(Crew.OFFICE.recipient()),
        Encryption.recipients(Crew.OFFICE.recipient()));
    List<Change> changes = new ArrayList<>();
    fleet.objectsOf(fleet.plain).forEach(name -> changes.add(damages.dropped(name)));
    String id = other.plain.toString();
    for (ObjectName name : other.objectsOf(other.plain)) {
      changes.add(Damages.change(
          "a stranger's",
          ObjectName.of(name.value().replace(id, fleet.plain.toString())),
          Objects.requireNonNull(other.damages.objects().get(name))));
    }
    attempt(
        Damages.together(changes.toArray(Change[]::new)),
        Fate.damaged(manifest() + " is the manifest of another backup, shop/" + id));
    told("a stranger's backup under the id of ours");
  }

  @ParameterizedTest
  @EnumSource
  void aReplayOfADeletedOneIsNoBackup(Crew with) throws IOException {
    launch(with);
    for (Map.Entry<ObjectName, byte[]> object : fleet.gone.entrySet()) {
      Damages.change("replayed", object.getKey(), object.getValue()).inflict(fleet.memory);
    }
    Catalogue.View view = scrutiny.assertOthersAreAsBefore(Set.of());
    assertThat(Shop.ids(view.backups())).isEqualTo(fleet.ids());
    assertThat(view.warnings())
        .containsExactly(fleet.deleted
            + " was deleted, and its manifest is still or again there; it does not count");
    Series series = fleet.series;
    BackupException thrown = Shop.failure(() ->
        new Verification(series, Announcer.silent(series), fleet.deleted).verify(Depth.STORED));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(thrown)
        .hasMessage(
            "Cannot verify " + fleet.deleted + ": it was deleted from \"shop\" in memory fleet,"
                + " and its manifest is still or again there. Nothing was found out.");
    prune();
    assertThat(fleet.memory.list("shop/" + fleet.deleted + "/")).isEmpty();
    tried = 1;
    told("a deleted backup is replayed");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsHiddenLeavesAGap(Crew with) throws IOException {
    launch(with);
    List<BackupId> ids = fleet.ids();
    for (int i = 1; i < ids.size(); i++) {
      BackupId hidden = ids.get(i);
      Change change = Damages.together(
          fleet.objectsOf(hidden).stream().map(damages::dropped).toArray(Change[]::new));
      change.inflict(fleet.memory);
      Catalogue.View view = scrutiny.assertOthersAreAsBefore(Set.of(hidden));
      assertThat(view.warnings())
          .containsExactly("gap: " + ids.get(i - 1) + " names " + hidden
              + " as the one before it, which is gone without a tombstone");
      damages.heal(fleet.memory);
      tried++;
    }
    // a tombstone that a stranger has made explains nothing
    BackupId hidden = fleet.packed;
    fleet.objectsOf(hidden).forEach(name -> fleet.memory.delete(name));
    Mark tombstone =
        Mark.of(Mark.Kind.DELETED, hidden, "shop", fleet.clock.instant(), "", "not needed");
    int number = 0;
    for (Marks stranger : strangers()) {
      Damages.change(
              "a tombstone",
              fleet
                  .series
                  .names()
                  .mark(hidden, Mark.Kind.DELETED, "aaaaaaa" + (char) ('a' + number++)),
              stranger.write(tombstone, Optional.empty()))
          .inflict(fleet.memory);
      tried++;
    }
    Catalogue.View view = scrutiny.view();
    assertThat(view.deleted()).containsExactly(fleet.deleted);
    assertThat(view.warnings())
        .contains("gap: " + fleet.squeezed + " names " + hidden
            + " as the one before it, which is gone without a tombstone");
    told("a backup is hidden");
  }

  private static List<Marks> strangers() {
    return List.of(
        new Marks("shop", Optional.empty()),
        new Marks("shop", Optional.of(Encryption.key(Crew.OTHER_KEY))),
        new Marks("shop", Optional.of(Encryption.recipients(Crew.OFFICE.recipient()))),
        new Marks(
            "shop",
            Optional.of(Encryption.recipients(Crew.OFFICE.recipient())
                .signedBy(Crew.OTHER_HOST.getPrivate()))));
  }

  @ParameterizedTest
  @EnumSource
  void marksOfStrangersCountForNothingButPinsWhichHold(Crew with) throws IOException {
    launch(with);
    BackupId id = fleet.packed;
    for (Mark.Kind kind : List.of(Mark.Kind.DAMAGE, Mark.Kind.DELETED, Mark.Kind.PIN)) {
      for (Marks stranger : strangers()) {
        Mark mark = Mark.of(kind, id, "shop", fleet.clock.instant(), "office", "because");
        lay(kind, id, stranger.write(mark, Optional.empty()));
        assertMarksAreAsBefore(id, kind == Mark.Kind.PIN);
      }
    }
    told("a mark of a stranger");
  }

  /** Every mark under the name of another kind, of another backup, and with the text of another. */
  @ParameterizedTest
  @EnumSource
  void marksThatAreMovedOrWhoseTextsAreSwappedCountForNothing(Crew with) throws IOException {
    launch(with);
    BackupId id = fleet.packed;
    for (Mark.Kind kind : Mark.Kind.values()) {
      byte[] mark = object(fleet.marks(kind).get(0));
      for (Mark.Kind as : EnumSet.of(Mark.Kind.PROOF, Mark.Kind.DELETED, Mark.Kind.PIN)) {
        if (kind != as || !Fleet.idOf(fleet.marks(kind).get(0)).equals(id.toString())) {
          lay(as, id, mark);
          assertMarksAreAsBefore(id, as == Mark.Kind.PIN);
        }
      }
      // the text of another, its own digest, and the proof of this one; and the other way round
      for (Mark.Kind other : Mark.Kind.values()) {
        byte[] by = object(fleet.marks(other).get(0));
        if (kind != other) {
          Map<String, Object> members = Forger.members(by);
          byte[] swapped = Forger.edited(
              mark,
              Map.of("mark", members.get("mark"), "sha256", members.get("sha256")),
              List.of());
          BackupId of = BackupId.parse(Fleet.idOf(fleet.marks(other).get(0)));
          if (other == Mark.Kind.PROOF || other == Mark.Kind.DELETED) {
            lay(other, of, swapped);
            Catalogue.View view = scrutiny.assertOthersAreAsBefore(Set.of());
            assertThat(view.warnings()).hasSize(1);
            damages.heal(fleet.memory);
          }
        }
      }
    }
    told("a mark is moved, or has the text of another");
  }

  private void lay(Mark.Kind kind, BackupId id, byte[] mark) throws IOException {
    Damages.change("a mark", fleet.series.names().mark(id, kind, "aaaaaaaa"), mark)
        .inflict(fleet.memory);
    tried++;
  }

  private void assertMarksAreAsBefore(BackupId id, boolean pinned) throws IOException {
    Catalogue.View view = scrutiny.assertOthersAreAsBefore(Set.of(id));
    Backup listed = view.require(id, "find", "here");
    assertThat(listed.state()).isEqualTo(State.COMPLETE);
    assertThat(listed.isPinned()).isEqualTo(pinned);
    assertThat(listed.proofs())
        .isEqualTo(scrutiny.whole().require(id, "find", "here").proofs());
    assertThat(view.deleted()).containsExactly(fleet.deleted);
    if (!pinned) {
      assertThat(view.warnings()).hasSize(1);
    }
    assertThat(scrutiny.restore(id)).isEqualTo(Ending.WELL);
    damages.heal(fleet.memory);
  }

  @ParameterizedTest
  @EnumSource
  void keysForNobodyHereAreToldAsThat(Crew with) throws IOException {
    launch(with);
    String here = crew == Crew.KEY
        ? "this has key " + Crew.SECRET.id()
        : "this has identity of recipient " + Crew.OFFICE.recipient().id();
    byte[] others =
        Encryption.key(Crew.OTHER_KEY).seal("shop", fleet.plain.toString()).keys();
    attempt(
        Damages.change("keys of a stranger", keys(), others),
        Fate.locked(
            "made for other readers: its slots are key " + Crew.OTHER_KEY.id() + "; " + here));
    String unknown =
        Forger.text(others).replace("type\\\": \\\"key\\\"", "type\\\": \\\"pigeon\\\"");
    assertThat(unknown).isNotEqualTo(Forger.text(others));
    attempt(
        Damages.change("a slot of an unknown type", keys(), Forger.bytes(unknown)),
        new Fate(
            EnumSet.of(Kind.REFUSED),
            Kind.REFUSED,
            "no slot that this version knows opens, a newer version of Lifeboat may open it: its slots"
                + " are one of an unknown kind; " + here));
    byte[] forUs = (crew == Crew.KEY
            ? Encryption.key(Crew.SECRET)
            : Encryption.recipients(Crew.OFFICE.recipient()))
        .seal("shop", fleet.plain.toString())
        .keys();
    // another data key for the same reader, which only a reader could make where it is a key
    attempt(
        Damages.change("keys with another data key", keys(), forUs),
        Fate.damaged(manifest() + " is damaged"));
    attempt(
        damages.dropped(keys()),
        Fate.damaged(keys() + " is missing: without it nothing opens the backup"));
    told("keys.json is a stranger's, or has an unknown slot");
  }

  /** A file that somebody has added keeps nobody out. */
  @ParameterizedTest
  @EnumSource
  void furtherKeysOfStrangersKeepNobodyOut(Crew with) throws IOException {
    launch(with);
    for (byte[] more : List.of(
        Encryption.key(Crew.OTHER_KEY).seal("shop", fleet.plain.toString()).keys(),
        Encryption.recipients(Crew.OFFICE.recipient())
            .seal("shop", fleet.plain.toString())
            .keys(),
        Forger.bytes("{}"),
        new byte[70_000])) {
      for (int number : new int[] {2, 3, 999_999}) {
        Damages.change("more keys", fleet.series.names().keys(fleet.plain, number), more)
            .inflict(fleet.memory);
        assertThat(scrutiny.open(fleet.plain, "orders")).isEqualTo(Ending.WELL);
        assertThat(scrutiny.verify(fleet.plain)).isEqualTo(Ending.WELL);
        assertThat(scrutiny.restore(fleet.plain)).isEqualTo(Ending.WELL);
        damages.heal(fleet.memory);
        tried++;
      }
    }
    told("a stranger adds keys");
  }

  @Test
  void aWrongPassphraseOpensNothing() throws IOException {
    launch(Crew.KEY);
    Series passphrased = fleet.series(
        "shop",
        fleet.memory,
        temp.resolve("passphrase"),
        Compression.none(),
        Optional.of(Encryption.passphrase("correct horse battery".toCharArray())));
    fleet.clock.advance(Duration.ofHours(1));
    BackupId id = new Creation(passphrased, Announcer.silent(passphrased))
        .create(CreateRequest.of(Reason.MANUAL))
        .id();
    Backups wrong = backups(
        temp.resolve("wrong"), Encryption.passphrase("incorrect horse battery".toCharArray()));
    BackupException thrown = Shop.failure(() -> wrong.open(id, "orders"));
    assertThat(thrown.kind()).isEqualTo(Kind.WRONG_KEY);
    assertThat(thrown)
        .hasMessage(
            "Cannot open " + id + " of \"shop\" in memory fleet: no passphrase slot opens with"
                + " this passphrase: its slots are passphrase; this has passphrase. Nothing was changed.");
    assertThat(Shop.ids(wrong.list())).contains(id);
    assertThat(wrong.latest()).isEmpty();
  }

  private void prune() {
    Pruning pruning = new Pruning(fleet.series, Announcer.silent(fleet.series));
    pruning.prune(pruning.plan());
  }

  private void told(String fault) {
    assertThat(tried).isPositive();
    FaultCount.tried(getClass(), fault + ", " + crew, tried);
  }
}
