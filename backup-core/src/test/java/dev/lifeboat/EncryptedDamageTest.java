package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.Damages;
import dev.lifeboat.testkit.Damages.Change;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.WatchedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever is changed in an encrypted fleet, somebody who has the secrets gets what was written or a reason, nothing
 * beyond what was proven is released, and no other backup suffers.
 */
@Tag("harness")
class EncryptedDamageTest {
  private static final boolean ALL = Integer.getInteger("loops", 1) > 1;

  /** Of long rows every so many-th is tried, in another place from crew to crew. */
  private static final int SOME = 7;

  /** Every so many-th change is looked at by every verb and in the list, the others by one verb that reads all it needs. */
  private static final int THOROUGH = 24;

  private static final Map<Crew, Fleet> FLEETS = new EnumMap<>(Crew.class);
  private static final Set<Kind> DAMAGED = EnumSet.of(Kind.DAMAGED);

  @TempDir
  static Path directory;

  private static Path temp = Path.of("");

  private Crew crew = Crew.KEY;
  private Fleet fleet;
  private Damages damages;
  private Scrutiny scrutiny;
  private int tried;
  private int well;

  @BeforeAll
  static void build() throws IOException {
    temp = WatchedDisk.unforced(directory);
    for (Crew crew : Crew.values()) {
      FLEETS.put(crew, crew.fleet(temp.resolve(crew.name())));
    }
  }

  @BeforeEach
  void begin() throws IOException {
    launch(Crew.KEY);
  }

  private void launch(Crew with) throws IOException {
    crew = with;
    fleet = Objects.requireNonNull(FLEETS.get(with));
    damages = fleet.damages;
    scrutiny = new Scrutiny(
        fleet,
        Backups.builder("shop")
            .sink(fleet.memory)
            .clock(fleet.clock)
            .workDirectory(temp.resolve(crew.name()))
            .patience(Duration.ZERO)
            .encryption(crew.reader())
            .build());
    assertThat(scrutiny.whole().warnings()).isEmpty();
    assertThat(Shop.ids(scrutiny.whole().backups())).isEqualTo(fleet.ids());
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsWrongWithWhatNobodyTouched(Crew with) throws IOException {
    launch(with);
    for (BackupId id : fleet.ids()) {
      assertThat(scrutiny.open(id, "orders")).isEqualTo(Scrutiny.Ending.WELL);
      assertThat(scrutiny.open(id, "uploads")).isEqualTo(Scrutiny.Ending.WELL);
      assertThat(scrutiny.verify(id)).isEqualTo(Scrutiny.Ending.WELL);
      assertThat(scrutiny.restore(id)).isEqualTo(Scrutiny.Ending.WELL);
    }
    damages.heal(fleet.memory);
  }

  @ParameterizedTest
  @EnumSource
  void everyChangedByteOfAPart(Crew with) throws IOException {
    launch(with);
    for (ObjectName part : parts(fleet.plain)) {
      tryAll(rows(damages.flips(part, 1)), fleet.plain, DAMAGED);
    }
    for (ObjectName part : parts(fleet.squeezed)) {
      tryAll(some(damages.flips(part, 1)), fleet.squeezed, DAMAGED);
    }
    tried("a byte of a sealed part is changed");
  }

  @ParameterizedTest
  @EnumSource
  void everyCutOfAPartAndAnyAppendedBytes(Crew with) throws IOException {
    launch(with);
    for (ObjectName part : parts(fleet.plain)) {
      tryAll(some(damages.cuts(part)), fleet.plain, DAMAGED);
      tryAll(some(damages.extensions(part, 64)), fleet.plain, DAMAGED);
    }
    tried("a sealed part is cut or lengthened");
  }

  /** An attacker can compute a digest: only a MAC or a signature may tell. */
  @ParameterizedTest
  @EnumSource
  void everyChangedByteOfAManifestWhoseDigestIsRight(Crew with) throws IOException {
    launch(with);
    ObjectName manifest = Shop.manifest(fleet.plain);
    tryAll(
        rows(damages.flips(manifest, ALL ? 8 : 1)).map(this::withRightDigest),
        fleet.plain,
        EnumSet.of(Kind.DAMAGED, Kind.REFUSED)); // what says that it is of a newer version
    tryAll(some(damages.cuts(manifest)).map(this::withRightDigest), fleet.plain, DAMAGED);
    tryAll(some(damages.extensions(manifest, 64)).map(this::withRightDigest), fleet.plain, DAMAGED);
    tried("a sealed manifest is changed, and its digest with it");
  }

  @ParameterizedTest
  @EnumSource
  void everyChangedBitOfAManifest(Crew with) throws IOException {
    launch(with);
    tryAll(some(some(damages.flips(Shop.manifest(fleet.plain), 8))), fleet.plain, DAMAGED);
    tried("a bit of a sealed manifest is changed");
  }

  @ParameterizedTest
  @EnumSource
  void everyChangedBitOfWhatAuthenticates(Crew with) throws IOException {
    launch(with);
    ObjectName auth = Shop.authentication(fleet.plain);
    // without its mac or signature nothing proves it, with the signature the mac is of no account
    tryAll(
        rows(damages.flips(auth, 8)),
        fleet.plain,
        crew == Crew.KEY
            ? EnumSet.of(Kind.DAMAGED, Kind.REFUSED)
            : EnumSet.of(Kind.DAMAGED, Kind.REFUSED, WELL));
    if (crew == Crew.KEY) {
      assertThat(well).isZero();
    }
    int content = bytes(auth).length - 1; // its line feed tells nothing
    tryAll(rows(damages.cuts(auth).limit(content)), fleet.plain, DAMAGED);
    tryAll(damages.extensions(auth, 64), fleet.plain, DAMAGED);
    tried("what authenticates a sealed manifest is changed, cut or lengthened");
  }

  /** Stands for no failure at all. */
  private static final Kind WELL = Kind.STUCK;

  @ParameterizedTest
  @EnumSource
  void everyChangedBitOfTheKeys(Crew with) throws IOException {
    launch(with);
    ObjectName keys = keys(fleet.plain);
    // for another reader, of another type, of another version, or not right
    tryAll(
        rows(damages.flips(keys, 8)),
        fleet.plain,
        EnumSet.of(Kind.DAMAGED, Kind.WRONG_KEY, Kind.REFUSED));
    int content = bytes(keys).length - 1;
    tryAll(rows(damages.cuts(keys).limit(content)), fleet.plain, DAMAGED);
    tryAll(damages.extensions(keys, 64), fleet.plain, DAMAGED);
    tryAll(Stream.of(damages.dropped(keys), damages.doubled(keys)), fleet.plain, DAMAGED);
    tried("keys.json is changed, cut, lengthened, missing or doubled");
  }

  /** Without a list, so that every bit can be tried: what is wrong is thrown, or proves nothing. */
  @ParameterizedTest
  @EnumSource
  void everyChangedBitAndEveryCutOfAMark(Crew with) throws IOException {
    launch(with);
    for (Mark.Kind kind : Mark.Kind.values()) {
      ObjectName name = fleet.marks(kind).get(0);
      BackupId id = BackupId.parse(Fleet.idOf(name));
      try (Opened opened = kind == Mark.Kind.DELETED
          ? fleet.series.records().open(fleet.plain)
          : fleet.series.records().open(id)) {
        MarkReading reading = bytes -> fleet
            .series
            .records()
            .marks()
            .read(
                bytes,
                id,
                kind,
                kind == Mark.Kind.DELETED ? Optional.empty() : opened.seal(),
                kind != Mark.Kind.DELETED && opened.trust().isProven());
        byte[] right = bytes(name);
        Marks.Proven genuine = reading.read(right);
        assertThat(genuine.trust().isProven()).isTrue();
        Stream.of(
                rows(damages.flips(name, 8)),
                damages.cuts(name).limit(right.length - 1L),
                damages.extensions(name, 64))
            .flatMap(changes -> changes)
            .forEach(change -> {
              byte[] bytes = after(change, name);
              assertIsDamagedUnprovenOrTheSame(change, reading, bytes, genuine);
              tried++;
            });
        for (Change change :
            (Iterable<Change>) some(some(some(damages.flips(name, 1))))::iterator) {
          lookAtTheList(change, id);
        }
      }
    }
    tried("a sealed mark is changed, cut or lengthened");
  }

  private interface MarkReading {
    Marks.Proven read(byte[] bytes) throws IOException;
  }

  /** Where signature and MAC are both there, one of them may be gone: what it says is what was said then. */
  private void assertIsDamagedUnprovenOrTheSame(
      Change change, MarkReading reading, byte[] bytes, Marks.Proven genuine) {
    try {
      Marks.Proven read = reading.read(bytes);
      if (read.trust().isProven()) {
        assertThat(crew).as(change.toString()).isNotEqualTo(Crew.KEY);
        assertThat(read.mark().kind()).isEqualTo(genuine.mark().kind());
        assertThat(read.mark().members(false)).isEqualTo(genuine.mark().members(false));
      }
    } catch (DamagedDataException e) {
      assertThat(Printable.objections(e)).isEmpty();
    } catch (IOException e) {
      throw new AssertionError(change.toString(), e);
    }
  }

  private void lookAtTheList(Change change, BackupId id) throws IOException {
    try {
      change.inflict(fleet.memory);
      Catalogue.View view = scrutiny.assertOthersAreAsBefore(Set.of(id));
      assertThat(Shop.ids(view.backups())).as(change.toString()).isEqualTo(fleet.ids());
      for (BackupId pinned : List.of(fleet.plain, fleet.squeezed)) {
        assertThat(view.require(pinned, "find", "here").isPinned()).isTrue();
      }
    } finally {
      damages.heal(fleet.memory);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyObjectInThePlaceOfAnotherOfItsOrAnotherBackupOrSeries(Crew with) throws IOException {
    launch(with);
    List<ObjectName> all = damages.objects().keySet().stream()
        .filter(name -> BackupId.tryParse(Fleet.idOf(name)).isPresent())
        .toList();
    Set<Kind> kinds = EnumSet.of(Kind.DAMAGED, Kind.REFUSED, Kind.WRONG_KEY);
    for (ObjectName name : fleet.objectsOf(fleet.plain)) {
      if (!name.last().contains("-pin") && !isMark(name)) {
        tryAll(
            rows(all.stream().filter(by -> !by.equals(name)).map(by -> damages.replaced(name, by))),
            fleet.plain,
            kinds);
      }
    }
    for (ObjectName part : parts(fleet.plain)) {
      tryAll(Stream.of(damages.dropped(part), damages.doubled(part)), fleet.plain, DAMAGED);
    }
    tried("a sealed object has another one's content, is missing or doubled");
  }

  /** All that a backup has, but one thing, is another's: nothing fits. */
  @ParameterizedTest
  @EnumSource
  void everyBackupPutTogetherOfTwo(Crew with) throws IOException {
    launch(with);
    ObjectName manifest = Shop.manifest(fleet.plain);
    ObjectName auth = Shop.authentication(fleet.plain);
    ObjectName keys = keys(fleet.plain);
    for (BackupId by : List.of(fleet.marked, fleet.packed, fleet.foreign)) {
      String series = by.equals(fleet.foreign) ? "club" : "shop";
      Change foreignManifest =
          damages.replaced(manifest, ObjectName.of(series + "/catalog/" + by + ".json"));
      Change foreignAuth =
          damages.replaced(auth, ObjectName.of(series + "/catalog/" + by + ".auth"));
      Change foreignKeys = damages.replaced(keys, ObjectName.of(series + "/" + by + "/keys.json"));
      tryAll(
          Stream.of(
              Damages.together(foreignManifest, foreignAuth),
              Damages.together(foreignManifest, foreignAuth, foreignKeys),
              Damages.together(foreignAuth, foreignKeys),
              Damages.together(foreignManifest, foreignKeys)),
          fleet.plain,
          DAMAGED);
    }
    List<ObjectName> parts = parts(fleet.plain);
    tryAll(damages.swaps(parts), fleet.plain, DAMAGED);
    tried("a sealed backup is put together of two");
  }

  /** With the digest that the changed manifest has; MAC and signature stay as they are. */
  private Change withRightDigest(Change change) {
    ObjectName manifest = Shop.manifest(fleet.plain);
    byte[] changed = after(change, manifest);
    ObjectName auth = Shop.authentication(fleet.plain);
    byte[] proof = bytes(auth);
    return Damages.together(
        change, Damages.change("its digest is right", auth, Forger.withDigestOf(changed, proof)));
  }

  private static boolean isMark(ObjectName name) {
    return name.isIn("shop/catalog/") && !name.last().matches("[^.]*\\.(json|auth)");
  }

  private List<ObjectName> parts(BackupId id) {
    return fleet.partsOf(id).stream()
        .filter(name -> !name.last().startsWith("keys."))
        .toList();
  }

  private byte[] bytes(ObjectName name) {
    return Objects.requireNonNull(damages.objects().get(name), name.value());
  }

  private static byte[] after(Change change, ObjectName name) {
    return Objects.requireNonNull(change.after().get(name), name.value()).orElseThrow();
  }

  private ObjectName keys(BackupId id) {
    return fleet.series.names().keys(id, 1);
  }

  /** All of them with the one key, which is quick; some with what the office's identity opens. */
  private <T> Stream<T> rows(Stream<T> all) {
    return crew == Crew.KEY ? all : some(all);
  }

  private <T> Stream<T> some(Stream<T> all) {
    int[] count = {crew.name().length()};
    return ALL ? all : all.filter(one -> count[0]++ % SOME == 0);
  }

  private void tried(String fault) {
    FaultCount.tried(getClass(), fault + ", " + crew, tried);
  }

  /** Each of these must keep a reader of this backup from it, for one of these reasons. */
  private void tryAll(Stream<Change> changes, BackupId id, Set<Kind> kinds) throws IOException {
    for (Change change : (Iterable<Change>) changes::iterator) {
      if (isNone(change)) {
        continue;
      }
      try {
        change.inflict(fleet.memory);
        check(change, id, kinds);
        tried++;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(crew + ": " + change + ": " + e.getMessage(), e);
      } finally {
        damages.heal(change, fleet.memory);
      }
    }
  }

  private boolean isNone(Change change) {
    return change.after().entrySet().stream()
        .allMatch(after -> Objects.deepEquals(
            after.getValue().orElse(null), damages.objects().get(after.getKey())));
  }

  private void check(Change change, BackupId id, Set<Kind> kinds) throws IOException {
    Set<String> touched = new HashSet<>();
    for (ObjectName name : change.after().keySet()) {
      touched.add(name.last().startsWith("uploads") ? "uploads" : "orders");
    }
    for (String component : touched) {
      assertKind(scrutiny.open(id, component), kinds, false);
    }
    if (tried % THOROUGH != 0) {
      return;
    }
    Catalogue.View view = scrutiny.assertOthersAreAsBefore(Set.of(id));
    assertThat(Shop.ids(view.backups())).containsAll(othersThan(id));
    assertKind(scrutiny.restore(id), kinds, false);
    assertKind(scrutiny.verify(id), kinds, true);
    damages.heal(fleet.memory);
    BackupId other = othersThan(id).get(tried / THOROUGH % 3);
    change.inflict(fleet.memory);
    assertThat(scrutiny.restore(other)).isEqualTo(Scrutiny.Ending.WELL);
    damages.heal(fleet.memory);
  }

  private void assertKind(Scrutiny.Ending ending, Set<Kind> kinds, boolean verified) {
    if (ending.isWell()) {
      well++;
      assertThat(kinds).contains(WELL);
      return;
    }
    Kind kind = ending.kind().orElseThrow();
    boolean unproven = verified && kind == Kind.UNPROVEN && kinds.contains(Kind.REFUSED);
    assertThat(unproven || kinds.contains(kind)).as("%s", ending).isTrue();
    if (kind == Kind.REFUSED) {
      assertThat(ending.message())
          .containsAnyOf(
              "needs a newer version",
              "a newer version of Lifeboat",
              "nothing proves who wrote it");
    }
  }

  private List<BackupId> othersThan(BackupId id) {
    return fleet.ids().stream().filter(other -> !other.equals(id)).toList();
  }
}
