package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.MemorySink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

class BuilderTest extends ShopTest {
  private static final BackupId ID = BackupId.parse("20260214T143045Z-manual-k7f3q2ab");

  private static String refusal(Executable call) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @TestFactory
  Stream<DynamicTest> anOptionGivenTwiceIsRefused() {
    Map<String, Consumer<Backups.Builder>> options = Map.ofEntries(
        Map.entry("sink", b -> b.sink(memory)),
        Map.entry("compression", b -> b.compression(Compression.none())),
        Map.entry("encryption", b -> b.encryption(Encryption.key(BackupKey.generate()))),
        Map.entry("retention", b -> b.retention(RetentionPolicy.keepAll())),
        Map.entry("partSize", b -> b.partSize(1 << 20)),
        Map.entry("application", b -> b.application("a")),
        Map.entry("environment", b -> b.environment("a")),
        Map.entry("schemaVersion", b -> b.schemaVersion(() -> "1")),
        Map.entry("quiesce", b -> b.quiesce(gate("q"))),
        Map.entry("maintenance", b -> b.maintenance(gate("m"))),
        Map.entry("confirmRestores", Backups.Builder::confirmRestores),
        Map.entry("workDirectory", b -> b.workDirectory(temp)),
        Map.entry("patience", b -> b.patience(Duration.ZERO)),
        Map.entry("clock", b -> b.clock(clock)));
    return options.entrySet().stream()
        .map(option -> DynamicTest.dynamicTest(option.getKey(), () -> {
          Backups.Builder builder = Backups.builder("shop");
          option.getValue().accept(builder);
          assertThat(refusal(() -> option.getValue().accept(builder)))
              .isEqualTo(option.getKey() + " is given twice");
        }));
  }

  @Test
  void everyOptionIsAMethodTestedHere() {
    assertThat(Stream.of(Backups.Builder.class.getDeclaredMethods())
            .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
            .map(java.lang.reflect.Method::getName))
        .containsExactlyInAnyOrder(
            "source",
            "optionalSource",
            "listener",
            "build",
            "sink",
            "compression",
            "encryption",
            "retention",
            "partSize",
            "application",
            "environment",
            "schemaVersion",
            "quiesce",
            "maintenance",
            "confirmRestores",
            "workDirectory",
            "patience",
            "clock");
  }

  @Test
  void withoutASinkThereIsNoSeries() {
    assertThat(refusal(() -> Backups.builder("shop").build())).isEqualTo("\"shop\" has no sink");
  }

  @Test
  void namesFollowTheGrammar() {
    assertThat(refusal(() -> Backups.builder("../shop")))
        .isEqualTo(
            "series must be 1 to 40 of a-z, 0-9 and -, with no - at either end, was \"../shop\"");
    assertThat(refusal(() -> Backups.builder("catalog")))
        .isEqualTo("series must be another name than \"catalog\", which is taken");
    assertThat(refusal(() -> shop().source(new Paper("Orders", ""))))
        .isEqualTo(
            "source must be 1 to 40 of a-z, 0-9 and -, with no - at either end, was \"Orders\"");
    assertThat(refusal(() -> shop().source(new Paper("keys", ""))))
        .isEqualTo("source must be another name than \"keys\", which is taken");
    Paper odd = new Paper("odd", "");
    odd.type = "pa/per";
    assertThat(refusal(() -> shop().source(odd)))
        .isEqualTo("the type of source \"odd\" must be 1 to 16 of a-z and 0-9, was \"pa/per\"");
  }

  @Test
  void twoSourcesOfOneNameAreRefused() {
    assertThat(refusal(() -> shop().optionalSource(new Paper("users", ""))))
        .isEqualTo("two sources are called \"users\"");
  }

  @Test
  void thePartSizeHasBounds() {
    assertThat(refusal(() -> shop().partSize((64 << 10) - 1)))
        .isEqualTo("partSize must be 65536 to 1073741824 bytes, was 65535");
    assertThat(refusal(() -> shop().partSize((1 << 30) + 1)))
        .isEqualTo("partSize must be 65536 to 1073741824 bytes, was 1073741825");
    shop().partSize(64 << 10).build();
  }

  @Test
  void twoPartsMustFitIntoHalfTheHeap() {
    long heap = Runtime.getRuntime().maxMemory();
    int most = (int) Math.min(1 << 30, heap / 4);
    shop().partSize(most).build();
    if (most < 1 << 30) {
      assertThat(refusal(() -> shop().partSize(most + 1).build()))
          .isEqualTo("partSize " + (most + 1) + " is too large for a heap of " + heap
              + " bytes: two parts must fit into half of it");
    }
  }

  @Test
  void patienceIsNotNegative() {
    assertThat(refusal(() -> shop().patience(Duration.ofSeconds(-1))))
        .isEqualTo("patience must not be negative, was PT-1S");
  }

  @Test
  void patienceWithoutEndIsUnderstood() {
    Backups backups = shop().patience(Duration.ofSeconds(Long.MAX_VALUE)).build();
    assertThat(backups.create(Reason.MANUAL).state()).isEqualTo(State.COMPLETE);
  }

  @Test
  void requestsRefuseWhatMeansNothing() {
    assertThat(refusal(() -> CreateRequest.of(Reason.MANUAL).only()))
        .isEqualTo("only must name at least one source");
    assertThat(refusal(() -> CreateRequest.of(Reason.MANUAL).pinned(" ")))
        .isEqualTo("why must not be blank");
    assertThat(refusal(() -> RestoreRequest.inPlace(ID).acrossIdentities("")))
        .isEqualTo("why must not be blank");
    assertThat(refusal(() -> shop().build().pin(ID, " "))).isEqualTo("why must not be blank");
    assertThat(refusal(() -> shop().build().forceDelete(ID, "")))
        .isEqualTo("why must not be blank");
  }

  @TestFactory
  @SuppressWarnings({"NullAway", "DataFlowIssue"}) // that is what it is about
  Stream<DynamicTest> aNullIsRefusedAtTheDoorByName() {
    Backups backups = shop().build();
    RestoreRequest elsewhere = RestoreRequest.elsewhere(ID, "orders", orders.target());
    CreateRequest create = CreateRequest.of(Reason.MANUAL);
    return Stream.of(
            door("source", () -> Backups.create(null, memory)),
            door("sink", () -> Backups.create(orders, null)),
            door("series", () -> Backups.builder(null)),
            door("actor", () -> backups.by(null)),
            door("reason", () -> backups.create((Reason) null)),
            door("request", () -> backups.create((CreateRequest) null)),
            door("age", () -> backups.createIfDue(null, Reason.MANUAL)),
            door("reason", () -> backups.createIfDue(Duration.ZERO, null)),
            door("id", () -> backups.find(null)),
            door("id", () -> backups.open(null, "orders")),
            door("component", () -> backups.open(ID, null)),
            door("id", () -> backups.verify(null, Depth.STORED)),
            door("depth", () -> backups.verify(ID, null)),
            door("id", () -> backups.restore((BackupId) null)),
            door("request", () -> backups.restore((RestoreRequest) null)),
            door("request", () -> backups.planRestore(null)),
            door("plan", () -> backups.prune(null)),
            door("id", () -> backups.delete(null)),
            door("id", () -> backups.forceDelete(null, "why")),
            door("why", () -> backups.forceDelete(ID, null)),
            door("id", () -> backups.pin(null, "why")),
            door("why", () -> backups.pin(ID, null)),
            door("id", () -> backups.unpin(null)),
            door("source", () -> bare().source(null)),
            door("source", () -> bare().optionalSource(null)),
            door("sink", () -> Backups.builder("a").sink(null)),
            door("compression", () -> bare().compression(null)),
            door("retention", () -> bare().retention(null)),
            door("application", () -> bare().application(null)),
            door("environment", () -> bare().environment(null)),
            door("schemaVersion", () -> bare().schemaVersion(null)),
            door("quiesce", () -> bare().quiesce(null)),
            door("maintenance", () -> bare().maintenance(null)),
            door("listener", () -> bare().listener(null)),
            door("workDirectory", () -> Backups.builder("a").workDirectory(null)),
            door("patience", () -> bare().patience(null)),
            door("clock", () -> Backups.builder("a").clock(null)),
            door("shut", () -> Gate.of(null, () -> {})),
            door("reopen", () -> Gate.of(() -> {}, null)),
            door("reason", () -> CreateRequest.of(null)),
            door("sources", () -> create.only((String[]) null)),
            door("source", () -> create.only("a", null)),
            door("name", () -> create.tag(null, "a")),
            door("text", () -> create.tag("a", null)),
            door("text", () -> create.note(null)),
            door("why", () -> create.pinned(null)),
            door("until", () -> create.keepUntil(null)),
            door(
                "components",
                () -> new CreateRequest(
                    Reason.MANUAL, null, Map.of(), "", Optional.empty(), Optional.empty())),
            door(
                "tags",
                () -> new CreateRequest(
                    Reason.MANUAL, Set.of(), null, "", Optional.empty(), Optional.empty())),
            door("id", () -> RestoreRequest.inPlace(null)),
            door("components", () -> RestoreRequest.inPlace(ID, (String[]) null)),
            door("component", () -> RestoreRequest.inPlace(ID, "a", null)),
            door("id", () -> RestoreRequest.elsewhere(null, "a", orders.target())),
            door("component", () -> RestoreRequest.elsewhere(ID, null, orders.target())),
            door("target", () -> RestoreRequest.elsewhere(ID, "a", null)),
            door("component", () -> elsewhere.and(null, orders.target())),
            door("target", () -> elsewhere.and("a", null)),
            door("phrase", () -> elsewhere.confirmed(null)),
            door("why", () -> elsewhere.acrossIdentities(null)))
        .map(door -> DynamicTest.dynamicTest(door.name(), () -> {
          NullPointerException e = assertThrows(NullPointerException.class, door.call());
          assertThat(e).hasMessage(door.name());
        }));
  }

  private record Door(String name, Executable call) {}

  private static Door door(String name, Executable call) {
    return new Door(name, call);
  }

  @Test
  void withoutSourcesASeriesIsListedVerifiedAndPrunedButNotMadeNorDrilled() {
    Backups writer = shop().build();
    for (int i = 0; i < 5; i++) {
      writer.create(Reason.SCHEDULED);
      clock.advance(Duration.ofDays(1));
    }
    Backups monitor = Backups.builder("shop")
        .sink(memory)
        .clock(clock)
        .workDirectory(temp.resolve("monitor"))
        .retention(RetentionPolicy.keepLast(3))
        .build();
    Backup newest = monitor.latest().orElseThrow();

    assertThat(monitor.list()).hasSize(5);
    assertThat(monitor.verify(newest.id(), Depth.CONTENT).depth()).isEqualTo(Depth.CONTENT);
    assertThat(monitor.prune().removed()).hasSize(2);
    assertThat(writer.list()).hasSize(3);

    BackupException create = failure(() -> monitor.create(Reason.MANUAL));
    assertThat(create.kind()).isEqualTo(Kind.REFUSED);
    assertThat(create)
        .hasMessage("Cannot back up \"shop\" in memory shelf: no source is configured. Nothing was"
            + " done.");
    BackupException drill = failure(() -> monitor.verify(newest.id(), Depth.DRILL));
    assertThat(drill.kind()).isEqualTo(Kind.REFUSED);
    BackupException restore = failure(() -> monitor.restore(newest.id()));
    assertThat(restore.kind()).isEqualTo(Kind.REFUSED);
    assertThat(restore.details()).hasSize(3);
  }

  @Test
  void theOneLineBacksUpAndLeavesNothingBehind() throws IOException {
    Set<Path> before = temporaryDirectories();
    int turns = registeredTurns();

    Backup backup = Backups.create(orders, memory);
    assertThrows(
        BackupException.class,
        () ->
            Backups.create(new Paper("sad", "").at("write", Paper.failing("x")), new MemorySink()));

    assertThat(backup.manifest().series()).isEqualTo("orders");
    assertThat(backup.state()).isEqualTo(State.COMPLETE);
    assertThat(temporaryDirectories()).isEqualTo(before);
    assertThat(registeredTurns()).isEqualTo(turns);
  }

  private static int registeredTurns() {
    Object registry = System.getProperties().get("dev.lifeboat.turns");
    return registry instanceof Map<?, ?> map ? map.size() : 0;
  }

  private static Set<Path> temporaryDirectories() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return Set.copyOf(files
          .filter(file -> file.getFileName().toString().startsWith("lifeboat"))
          .toList());
    }
  }

  @Test
  void whoAsksIsInTheManifestAndTheMarks() {
    Backups office = shop().build().by("office");
    Backup backup = office.create(CreateRequest.of(Reason.MANUAL)
        .tag("release", "7")
        .note("before the fair")
        .keepUntil(Instant.parse("2026-03-01T00:00:00Z")));
    office.pin(backup.id(), "for the fair");

    Backup found = office.find(backup.id()).orElseThrow();
    assertThat(found.manifest().details().orElseThrow().by()).isEqualTo("office");
    assertThat(found.manifest().details().orElseThrow().tags()).isEqualTo(Map.of("release", "7"));
    assertThat(found.manifest().details().orElseThrow().note()).isEqualTo("before the fair");
    assertThat(found.keepUntil()).contains(Instant.parse("2026-03-01T00:00:00Z"));
    assertThat(found.pins()).hasSize(1);
    assertThat(found.pins().get(0).by()).isEqualTo("office");
    assertThat(found.pins().get(0).why()).isEqualTo("for the fair");
    assertThat(List.of(shop().build().find(backup.id()).orElseThrow())).containsExactly(found);
  }
}
