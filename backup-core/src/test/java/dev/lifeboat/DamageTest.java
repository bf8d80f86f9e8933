package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.Damages;
import dev.lifeboat.testkit.Damages.Change;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.FaultySink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is changed in a sink is found by a verification and by a restore, each object by its name; nothing of it is
 * applied, and no other backup suffers.
 */
@Tag("harness")
class DamageTest {
  private static final int BITS = Integer.getInteger("loops", 1) > 1 ? 8 : 1;

  /** How often what nobody has touched is looked at too. */
  private static final int OTHERS = 32;

  @TempDir
  static Path temp;

  private static @Nullable Fleet built;

  private Fleet fleet;
  private Damages damages;
  private Series silent;
  private Catalogue.View whole;
  private Map<ObjectName, byte[]> now = Map.of();
  private int tried;
  private int works;

  @BeforeAll
  static void build() throws IOException {
    built = new Fleet(temp.resolve("work"));
  }

  @BeforeEach
  void launch() throws IOException {
    fleet = Objects.requireNonNull(built);
    damages = fleet.damages;
    silent = overASilentStore();
    whole = view(fleet.series);
    assertThat(whole.warnings()).isEmpty();
  }

  private Series overASilentStore() {
    return fleet.series(
        "shop",
        FaultySink.over(fleet.memory).notAttesting(),
        temp.resolve("silent-" + getClass().hashCode() + "-" + ++works),
        Compression.none());
  }

  @Test
  void everyChangedByteOfAPart() throws IOException {
    for (BackupId id : List.of(fleet.plain, fleet.packed, fleet.squeezed)) {
      for (ObjectName part : fleet.partsOf(id)) {
        tryAll(damages.flips(part, BITS), 8);
      }
    }
    FaultCount.tried(getClass(), "a byte of a part is changed", tried);
  }

  @Test
  void everyCutOfAPartAndAnyAppendedBytes() throws IOException {
    for (BackupId id : List.of(fleet.plain, fleet.packed, fleet.squeezed)) {
      for (ObjectName part : fleet.partsOf(id)) {
        tryAll(damages.cuts(part), 8);
        tryAll(damages.extensions(part, 64), 8);
      }
    }
    FaultCount.tried(getClass(), "a part is cut or lengthened", tried);
  }

  @Test
  void everyChangedBitOfAManifestAndOfWhatAuthenticatesIt() throws IOException {
    tryAll(damages.flips(Shop.manifest(fleet.packed), 8), 8);
    for (BackupId id : fleet.ids()) {
      tryAll(damages.flips(Shop.authentication(id), 8), 8);
    }
    FaultCount.tried(getClass(), "a bit of a manifest or its auth is changed", tried);
  }

  @Test
  void everyCutOfAManifestAndOfWhatAuthenticatesItAndAnyAppendedBytes() throws IOException {
    for (ObjectName name :
        List.of(Shop.manifest(fleet.packed), Shop.authentication(fleet.packed))) {
      tryAll(damages.cuts(name), 8);
      tryAll(damages.extensions(name, 64), 8);
    }
    FaultCount.tried(getClass(), "a manifest or its auth is cut or lengthened", tried);
  }

  @Test
  void everyChangedByteAndEveryCutOfAMark() throws IOException {
    for (Mark.Kind kind : Mark.Kind.values()) {
      ObjectName mark = fleet.marks(kind).get(0);
      tryAll(damages.flips(mark, BITS), 64);
      tryAll(damages.cuts(mark), 64);
      tryAll(damages.extensions(mark, 64), 64);
    }
    FaultCount.tried(getClass(), "a mark is changed, cut or lengthened", tried);
  }

  @Test
  void everyObjectThatIsMissingDoubledOrThereAgain() throws IOException {
    List<Change> changes = new ArrayList<>();
    for (ObjectName name : damages.objects().keySet()) {
      if (isOfTheSeries(name)) {
        changes.add(damages.dropped(name));
        changes.add(damages.doubled(name));
        String again = name.value().replaceFirst("\\.[^.]*$", "");
        changes.add(damages.copied(name, ObjectName.of(again + ".again")));
      }
    }
    for (BackupId id : fleet.ids()) {
      changes.add(Damages.together(
          fleet.partsOf(id).stream().map(damages::dropped).toArray(Change[]::new)));
      changes.add(Damages.together(
          damages.dropped(Shop.manifest(id)), damages.dropped(Shop.authentication(id))));
      changes.add(damages.copied(
          fleet.partsOf(fleet.foreign).get(0), ObjectName.of("shop/" + id + "/keys.json")));
    }
    tryAll(changes.stream());
    FaultCount.tried(getClass(), "an object is missing, doubled or there twice", tried);
  }

  @Test
  void everyObjectInThePlaceOfAnotherOfItsOrAnotherBackupOrSeries() throws IOException {
    List<ObjectName> all =
        damages.objects().keySet().stream().filter(this::isOfABackup).toList();
    tryAll(damages.swaps(all), 4);
    for (ObjectName name : all) {
      tryAll(
          all.stream()
              .filter(by -> isOfTheSeries(name) && !by.equals(name))
              .map(by -> damages.replaced(name, by)),
          4);
    }
    FaultCount.tried(getClass(), "an object has another one's content", tried);
  }

  @Test
  void everyManifestWithItsProofUnderTheNameOfAnother() throws IOException {
    List<BackupId> all = new ArrayList<>(fleet.ids());
    for (BackupId id : fleet.ids()) {
      all.add(fleet.foreign);
      for (BackupId by : all) {
        if (!by.equals(id)) {
          String series = by.equals(fleet.foreign) ? "club" : "shop";
          tryAll(Stream.of(Damages.together(
              damages.replaced(
                  Shop.manifest(id), ObjectName.of(series + "/catalog/" + by + ".json")),
              damages.replaced(
                  Shop.authentication(id), ObjectName.of(series + "/catalog/" + by + ".auth")))));
        }
      }
      all.remove(fleet.foreign);
    }
    ObjectName manifest = ObjectName.of("club/catalog/" + fleet.foreign + ".json");
    ObjectName authentication = ObjectName.of("club/catalog/" + fleet.foreign + ".auth");
    Change copiedIn = Damages.together(
        damages.copied(manifest, Shop.manifest(fleet.foreign)),
        damages.copied(authentication, Shop.authentication(fleet.foreign)));
    tryAll(Stream.of(copiedIn));
    FaultCount.tried(getClass(), "a manifest and its auth are another backup's", tried);
  }

  @Test
  void everyMarkUnderTheNameOfAnother() throws IOException {
    for (Mark.Kind kind : Mark.Kind.values()) {
      for (Mark.Kind as : Mark.Kind.values()) {
        ObjectName mark = fleet.marks(kind).get(0);
        for (BackupId id : fleet.ids()) {
          ObjectName forged =
              ObjectName.of("shop/catalog/" + id + "." + as.id() + "-aaaaaaaa.json");
          if (kind != as || !Fleet.idOf(mark).equals(id.toString())) {
            tryAll(Stream.of(damages.copied(mark, forged)));
          }
        }
      }
    }
    FaultCount.tried(getClass(), "a mark is another's", tried);
  }

  private boolean isOfTheSeries(ObjectName name) {
    return name.isIn("shop/") && isOfABackup(name);
  }

  private boolean isOfABackup(ObjectName name) {
    return BackupId.tryParse(Fleet.idOf(name)).isPresent();
  }

  /** Each looked at from every side. */
  private void tryAll(Stream<Change> changes) throws IOException {
    tryAll(changes, 1);
  }

  /** Each looked at by those verbs that must find it; every so many-th from every side. */
  private void tryAll(Stream<Change> changes, int thorough) throws IOException {
    for (Change change : (Iterable<Change>) changes::iterator) {
      now = new TreeMap<>(damages.objects());
      change.after().forEach((name, bytes) -> {
        now.remove(name);
        bytes.ifPresent(there -> now.put(name, there));
      });
      if (change.after().keySet().stream().allMatch(this::isUntouched)) {
        continue;
      }
      try {
        change.inflict(fleet.memory);
        check(change, tried % thorough == 0);
        tried++;
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(change + ": " + e.getMessage(), e);
      } finally {
        damages.heal(fleet.memory);
      }
    }
  }

  private void check(Change change, boolean thorough) throws IOException {
    if (thorough || change.after().keySet().stream().anyMatch(DamageTest::isMark)) {
      checkListing(change);
    }
    for (BackupId id : fleet.ids()) {
      boolean own = change.after().keySet().stream()
          .anyMatch(name ->
              name.isIn("shop/") && !isMark(name) && Fleet.idOf(name).equals(id.toString()));
      boolean other = thorough && tried % OTHERS == 0;
      if (own || other) {
        Verdict verdict = verdict(id);
        checkVerification(id, verdict, tried % 2 == 0 ? fleet.series : silent);
        checkRestore(id, verdict);
      }
    }
  }

  private static boolean isMark(ObjectName name) {
    return name.isIn("shop/catalog/") && !name.last().matches("[^.]*\\.(json|auth)");
  }

  /** What must be said of one backup. */
  private record Verdict(
      boolean absent, boolean unreadable, List<String> parts, List<String> more) {
    boolean isRight() {
      return !absent && !unreadable && parts.isEmpty();
    }
  }

  private Verdict verdict(BackupId id) {
    List<String> parts = new ArrayList<>();
    for (Component component : fleet.manifest(id).components()) {
      List<String> digests = new ArrayList<>();
      for (Part part : component.parts()) {
        byte[] found = now.get(part.name());
        String who = component.name() + ": " + part.name();
        if (found == null) {
          parts.add(who + " is missing");
        } else if (found.length != part.stored().size()) {
          parts.add(who + " has " + found.length + " bytes, and must have "
              + part.stored().size());
        } else if (!Digest.of(found).equals(part.stored())) {
          digests.add(who + " is " + Digest.of(found) + ", and must be " + part.stored());
        }
      }
      parts.addAll(digests);
    }
    List<String> more = now.keySet().stream()
        .filter(name -> name.isIn("shop/" + id + "/") && !damages.objects().containsKey(name))
        .map(name -> name.last().equals("keys.json")
            ? name + " is there, and the backup is not encrypted"
            : name + " is there, and the manifest does not name it")
        .toList();
    return new Verdict(
        !now.containsKey(Shop.manifest(id)),
        !isUntouched(Shop.manifest(id)) || !isProven(id),
        parts,
        more);
  }

  /** Its line feed at the end tells nothing. */
  private boolean isProven(BackupId id) {
    ObjectName name = Shop.authentication(id);
    byte[] before = Objects.requireNonNull(damages.objects().get(name));
    return isUntouched(name)
        || Arrays.equals(now.get(name), Arrays.copyOf(before, before.length - 1));
  }

  private boolean isUntouched(ObjectName name) {
    byte[] before = damages.objects().get(name);
    byte[] after = now.get(name);
    return name.isIn("club/") || Arrays.equals(before, after);
  }

  private void checkListing(Change change) throws IOException {
    if (change.after().keySet().stream().anyMatch(name -> name.last().endsWith(".auth"))) {
      PrivateFiles.deleteTree(fleet.series.work().cache()); // what was read once is not read again
    }
    Catalogue.View view = view(fleet.series);
    List<BackupId> expected =
        fleet.ids().stream().filter(id -> !verdict(id).unreadable()).toList();
    assertThat(Shop.ids(view.backups())).isEqualTo(expected);
    for (BackupId id : fleet.ids()) {
      if (!expected.contains(id)) {
        boolean named = view.warnings().stream()
            .anyMatch(warning -> warning.contains(id + " cannot be read and does not count: shop/")
                || warning.contains(" names " + id + " as the one before it, which is gone"));
        boolean newest = verdict(id).absent() && id.equals(fleet.marked); // nobody names it
        assertThat(named || newest).as("told of %s in %s", id, view.warnings()).isTrue();
      }
    }
    for (ObjectName name : change.after().keySet()) {
      boolean looked = view.backups().stream()
              .anyMatch(backup -> backup.id().toString().equals(Fleet.idOf(name)))
          || Fleet.idOf(name).equals(fleet.deleted.toString());
      if (isMark(name)
          && looked
          && now.containsKey(name)
          && !isUntouched(name)
          && !isAsBefore(view)) {
        assertThat(view.warnings())
            .anyMatch(warning -> warning.startsWith(name + " cannot be read: ")
                || warning.equals(name + " is not ours and is left alone"));
      }
    }
    checkMarks(view);
  }

  /** As where only a space in a mark has become another one. */
  private boolean isAsBefore(Catalogue.View view) {
    return view.backups().equals(whole.backups()) && view.deleted().equals(whole.deleted());
  }

  private static Catalogue.View view(Series series) throws IOException {
    return new Catalogue(series).read();
  }

  /** A mark that is there counts, whatever has become of it; only a proof and a tombstone must be readable. */
  private void checkMarks(Catalogue.View view) {
    RetentionPlan plan =
        fleet.series.retention().plan(view.backups(), "memory fleet", fleet.clock.instant());
    for (Backup backup : view.backups()) {
      assertThat(backup.isPinned()).as("%s is pinned", backup.id()).isEqualTo(has(backup, "pin"));
      assertThat(backup.state()).isEqualTo(has(backup, "damage") ? State.DAMAGED : State.COMPLETE);
      if (backup.isPinned()) {
        assertThat(plan.removed())
            .noneMatch(decision -> decision.backup().id().equals(backup.id()));
      }
    }
  }

  private boolean has(Backup backup, String mark) {
    return now.keySet().stream()
        .anyMatch(name -> name.value()
            .matches("shop/catalog/" + backup.id() + "\\." + mark + "-[a-z2-7]{8}\\.json"));
  }

  private void checkVerification(BackupId id, Verdict verdict, Series series) {
    Verification verification = new Verification(series, Announcer.silent(series), id);
    BackupException thrown =
        catchThrowableOfType(BackupException.class, () -> verification.verify(Depth.CONTENT));
    if (verdict.isRight() && verdict.more().isEmpty()) {
      assertThat(thrown).as("verify %s", id).isNull();
      return;
    }
    assertThat(thrown).as("verify %s", id).isNotNull();
    if (verdict.absent()) {
      assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    } else if (verdict.unreadable()) {
      assertThat(thrown.kind()).isEqualTo(Kind.DAMAGED);
      assertNamed(id, thrown);
    } else {
      List<String> all = new ArrayList<>(verdict.parts());
      all.addAll(verdict.more());
      assertThat(thrown.kind()).isEqualTo(Kind.DAMAGED);
      assertThat(thrown.details()).isEqualTo(all);
    }
  }

  private void checkRestore(BackupId id, Verdict verdict) {
    fleet.orders.live = "what is live in orders";
    fleet.uploads.live = "what is live in uploads";
    fleet.log.clear();
    RestoreRequest request = RestoreRequest.inPlace(id).withoutBackupBefore();
    BackupException thrown = catchThrowableOfType(
        BackupException.class,
        () -> new Restoration(fleet.series, Announcer.silent(fleet.series), request).restore());
    if (verdict.isRight()) {
      assertThat(thrown).as("restore %s", id).isNull();
      assertThat(List.of(live(fleet.orders), live(fleet.uploads))).isEqualTo(fleet.contents(id));
      return;
    }
    assertThat(thrown).as("restore %s", id).isNotNull();
    assertThat(thrown.kind()).isEqualTo(verdict.absent() ? Kind.NOT_FOUND : Kind.DAMAGED);
    if (verdict.unreadable() && !verdict.absent()) {
      assertNamed(id, thrown);
    } else if (!verdict.absent()) {
      assertThat(thrown.details()).isEqualTo(verdict.parts());
    }
    assertThat(thrown.getMessage()).endsWith("What is live is as it was.");
    assertThat(fleet.log).noneMatch(step -> step.contains(" apply") || step.contains(" undo"));
    assertThat(live(fleet.orders)).isEqualTo("what is live in orders");
    assertThat(live(fleet.uploads)).isEqualTo("what is live in uploads");
  }

  private static String live(Paper paper) {
    return String.valueOf(paper.live);
  }

  private static void assertNamed(BackupId id, BackupException thrown) {
    assertThat(thrown.details()).hasSize(1);
    assertThat(thrown.details().get(0)).startsWith("shop/catalog/" + id + ".");
  }
}
