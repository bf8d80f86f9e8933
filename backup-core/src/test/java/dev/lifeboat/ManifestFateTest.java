package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import dev.lifeboat.testkit.FaultySink.Moment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a backup whose manifest was sent, and whose store gave no answer, or a late one. */
class ManifestFateTest {
  private static final String UNTOUCHED = " Nothing was added; earlier backups are untouched.";
  private static final int PUTS = 4; // two parts, .auth, manifest

  @TempDir
  Path temp;

  private Shop shop;

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
    shop.makeBackups(1);
    shop.nextContent();
  }

  @Test
  void theAnswerToTheManifestMayBeLost() {
    FaultySink sink = FaultySink.over(shop.memory)
        .failing(
            Call.PUT, PUTS, Moment.AFTER, () -> new AccessDeniedException("m", null, "expired"));
    Backup backup = shop.over(sink).build().create(Reason.MANUAL);
    assertThat(backup.state()).isEqualTo(State.COMPLETE);
    assertThat(shop.backups().list()).contains(backup).hasSize(2);
    assertThat(temp.resolve("work/begun")).isEmptyDirectory();
  }

  @Test
  void aFateThatCannotBeLearntIsToldAndSettledIfItWasMade() {
    BackupId id = lose(Moment.AFTER);
    shop.remember(id, shop.live());
    shop.clock.advance(Duration.ofHours(1));
    Backup next = shop.make(shop.backups());

    assertThat(shop.warnings())
        .contains(
            id + ": an earlier run did not live to see its end; the backup is whole and counts");
    assertThat(next.manifest().previous().orElseThrow().id()).isEqualTo(id);
    assertThat(shop.backups().list()).hasSize(3);
    shop.assertAllListedAreWhole(shop.backups());
    shop.assertNothingIsLeftOver(shop.backups());
    assertThat(temp.resolve("work/begun")).isEmptyDirectory();
  }

  @Test
  void aFateThatCannotBeLearntIsToldAndSettledIfItWasNotMade() {
    BackupId id = lose(Moment.BEFORE);
    shop.clock.advance(Duration.ofHours(1));
    shop.make(shop.backups());

    assertThat(shop.warnings())
        .contains(id + ": an earlier run did not come to its end; what it left is removed");
    assertThat(shop.backups().list()).hasSize(2);
    shop.assertAllListedAreWhole(shop.backups());
    shop.assertNothingIsLeftOver(shop.backups());
    assertThat(temp.resolve("work/begun")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aManifestThatArrivesAfterTheCleanUpNeverCounts(boolean encrypted) throws IOException {
    Shop sea = encrypted ? sealed() : shop;
    LateSink sink = new LateSink(sea.memory);
    BackupException thrown = failure(() -> sea.over(sink).build().create(Reason.MANUAL));
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(thrown)
        .hasMessage("Cannot back up \"shop\" in memory shop: no answer in time." + UNTOUCHED);
    assertThat(sea.backups().list()).hasSize(1);
    sea.assertNothingIsLeftOver(sea.backups());

    sink.arrive();
    assertNeverCounts(sea, sink, 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aManifestThatArrivesAfterAKilledRunWasSettledNeverCounts(boolean encrypted)
      throws IOException {
    Shop sea = encrypted ? sealed() : shop;
    LateSink sink = new LateSink(sea.memory);
    sink.killed = true;
    try {
      sea.over(sink).build().create(Reason.MANUAL);
    } catch (CrashingSink.PowerCut e) {
      sea.events.clear();
    }
    sea.make(sea.backups());
    assertThat(sea.warnings())
        .contains(sink.id() + ": an earlier run did not come to its end; what it left is removed");
    assertThat(sea.backups().list()).hasSize(2);

    sink.arrive();
    assertNeverCounts(sea, sink, 2);
  }

  /** Neither while the tombstone is fresh, nor when the manifest is found beneath an old one. */
  private static void assertNeverCounts(Shop sea, LateSink sink, int others) {
    sea.events.clear();
    assertThat(sea.backups().list()).hasSize(others);
    assertThat(sea.warnings())
        .contains("catalogue: " + sink.id()
            + " was deleted, and its manifest is still or again there; it does not count");
    sea.assertAllListedGiveBackWhatWasLive(sea.backups());
    sea.backups().prune();
    assertThat(sea.names()).doesNotContain("shop/catalog/" + sink.id() + ".json");
    sea.clock.advance(Duration.ofDays(2));
    sea.make(sea.backups()); // or the newest that was deleted is still told
    sea.backups().prune();
    assertThat(sea.names()).noneMatch(name -> name.contains(sink.id()));
    sea.assertNothingIsLeftOver(sea.backups());
  }

  private Shop sealed() {
    Shop sea = new Shop(temp.resolve("sealed"), Optional.of(Encryption.key(BackupKey.generate())));
    sea.makeBackups(1);
    return sea;
  }

  @Test
  void whereThereIsNoRoomForTheTombstoneThePartsMakeSome() throws IOException {
    FaultySink full = FaultySink.over(shop.memory)
        .failing(Call.PUT, PUTS, Moment.BEFORE, () -> new NoSpaceException("no space left", null));
    LateSink sink = new LateSink(full);
    BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));
    assertThat(thrown)
        .hasMessage("Cannot back up \"shop\" in memory shop: no answer in time." + UNTOUCHED);
    assertThat(thrown.getSuppressed()).isEmpty();
    sink.arrive();
    assertNeverCounts(shop, sink, 1);
  }

  @Test
  void aFateThatCannotBeLearntIsNoMoreOfInterestOnceAnotherHostHasDeletedIt() {
    BackupId id = lose(Moment.AFTER);
    shop.remember(id, shop.live());
    Backups other = shop.over(shop.memory, temp.resolve("other")).build();
    shop.clock.advance(Duration.ofHours(1));
    Backup later = shop.make(other);
    assertThat(later.manifest().previous().orElseThrow().id()).isEqualTo(id);
    other.forceDelete(id, "nobody knows it"); // the tombstone stays, for the later one names it
    shop.clock.advance(Duration.ofHours(1));
    shop.events.clear();
    shop.make(shop.backups());

    assertThat(shop.warnings()).isEmpty();
    shop.assertNothingIsLeftOver(other);
    assertThat(temp.resolve("work/begun")).isEmptyDirectory();
  }

  /** The manifest's put and everything after it fails. */
  private BackupId lose(Moment moment) {
    FaultySink sink = FaultySink.over(shop.memory);
    sink.failing(Call.PUT, PUTS, moment, () -> {
      for (Call call : Call.values()) {
        sink.failingFrom(call, sink.calls(call) + 1, () -> new IOException("no route to host"));
      }
      return new IOException("no route to host");
    });
    BackupException thrown = failure(() -> shop.over(sink).build().create(Reason.MANUAL));
    BackupId id = shop.events.stream()
        .filter(BackupEvent.Failed.class::isInstance)
        .map(event -> event.run().backup().orElseThrow())
        .reduce((a, b) -> b)
        .orElseThrow();
    assertThat(thrown.kind()).isEqualTo(Kind.SINK);
    assertThat(thrown)
        .hasMessage("Cannot tell whether backup " + id + " to \"shop\" in memory shop was made: its"
            + " manifest was sent, then: no route to host. All its data is there; its fate is"
            + " settled by the next create, which will count or remove it. Earlier backups are"
            + " untouched.");
    return id;
  }

  /** Takes a manifest, gives no answer in time, and stores it long after. */
  private static final class LateSink extends Through {
    boolean killed;
    private @Nullable ObjectName name;
    private byte[] manifest = {};

    LateSink(BackupSink sink) {
      super(sink);
    }

    @Override
    public StoredObject put(ObjectName wanted, Content content) throws IOException {
      boolean late = wanted.value().matches("shop/catalog/[^.]+\\.json");
      if (late && name == null) {
        name = wanted;
        try (InputStream in = content.open()) {
          manifest = in.readAllBytes();
        }
      }
      if (late && killed) {
        throw new CrashingSink.PowerCut();
      } else if (late) {
        throw new IOException("no answer in time");
      }
      return sink.put(wanted, content);
    }

    @Override
    public void delete(ObjectName unwanted) throws IOException {
      if (killed) {
        throw new CrashingSink.PowerCut();
      }
      sink.delete(unwanted);
    }

    String id() {
      return requireNonNull(name).last().replace(".json", "");
    }

    void arrive() throws IOException {
      killed = false;
      sink.put(requireNonNull(name), Content.of(manifest));
    }
  }
}
