package dev.lifeboat.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final ObjectMapper JACKSON = new ObjectMapper();
  private static final BackupId ID = BackupId.parse("20260214T143045Z-pre-migration-k7f3q2ab");
  private static final BackupId REPLACED =
      BackupId.parse("20260214T143045Z-pre-migration-bbbbbbbb");
  private static final Digest DIGEST = Digest.of(new byte[] {1, 2, 3});

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    assertThat(Manifest.parse(full().toBytes())).isEqualTo(full());
    assertThat(Manifest.parse(sealed().toBytes())).isEqualTo(sealed());
    assertThat(Manifest.parse(full().toBytes()).toBytes()).isEqualTo(full().toBytes());
  }

  @Test
  void durationsAreWholeMillisecondsFromTheStart() throws Exception {
    Manifest manifest = with(Duration.ofNanos(1_999_999), Duration.ofNanos(999_999));
    assertThat(manifest.took()).isEqualTo(Duration.ofMillis(1));
    assertThat(manifest.skew()).isEqualTo(Duration.ZERO);
    assertThat(Manifest.parse(manifest.toBytes())).isEqualTo(manifest);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(Duration.ofMillis(-1), Duration.ZERO))
        .withMessage("took must not be negative, was PT-0.001S");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> with(Duration.ZERO, Duration.ofMillis(-1)))
        .withMessage("skew must not be negative, was PT-0.001S");
  }

  @Test
  void aManifestSaysOnlyWhatWasSoWhenItWasMade() {
    for (State state : List.of(State.DEGRADED, State.DAMAGED)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> manifest(state, Optional.empty(), List.of()))
          .withMessage("a manifest's state is COMPLETE, SUSPECT or INCOMPLETE, was " + state);
    }
  }

  @Test
  void whatTellsAboutTheContentStandsInOneMember() throws Exception {
    ObjectNode json = (ObjectNode) JACKSON.readTree(full().toBytes());
    String details = String.valueOf(json.remove("details"));
    assertThat(details).contains("order lines", "for the audit", "ticket", "half as many rows");
    assertThat(json.toString())
        .doesNotContain("order lines", "for the audit", "ticket", "half as many rows", "facts");
  }

  @Test
  void unknownMembersAreIgnored() throws Exception {
    byte[] more = edited(json -> {
      json.put("colour", "blue");
      json.put("ratio", 0.5);
      json.withObjectProperty("identity").putArray("regions").add(1);
    });
    assertThat(Manifest.parse(more)).isEqualTo(full());
  }

  @Test
  void unknownMembersThatAreCriticalAreNot() {
    assertNewer(
        json -> {
          json.putObject("erasure");
          json.putArray("critical").add("components").add("erasure");
        },
        "the manifest cannot be understood without \"erasure\": needs a newer version of Lifeboat"
            + " than this");
  }

  @Test
  void knownMembersMayBeCritical() throws Exception {
    assertThat(Manifest.parse(edited(json -> json.putArray("critical").add("layout"))))
        .isEqualTo(full());
  }

  @Test
  void otherFormatsAndLayoutsNeedANewerVersion() {
    assertNewer(
        json -> json.put("format", 2).put("writer", "Lifeboat 9\n"),
        "manifest format 2, written by Lifeboat 9\\u000a: needs a newer version of Lifeboat than"
            + " this");
    assertNewer(
        json -> json.removeAll().put("format", 7),
        "manifest format 7: needs a newer version of Lifeboat than this");
    assertNewer(
        json -> json.put("layout", "chunks"),
        "the layout \"chunks\" is not known: needs a newer version of Lifeboat than this");
    assertMalformed(json -> json.put("format", 0), "not a manifest: format must be at least 1");
    assertMalformed(
        json -> json.put("format", "1"), "not a manifest: format must be a whole number");
  }

  @Test
  void everyMemberThatIsMissingIsNamed() {
    for (String path : List.of(
        "format",
        "id",
        "series",
        "identity",
        "identity.application",
        "identity.environment",
        "identity.host",
        "zone",
        "tookMillis",
        "skewMillis",
        "layout",
        "state",
        "components",
        "components[0].name",
        "components[0].type",
        "components[0].codecs",
        "components[1].parts",
        "components[0].parts[1].name",
        "components[0].parts[0].size",
        "components[0].parts[0].sha256",
        "details.by",
        "details.note",
        "details.tags",
        "details.doubts",
        "details.components",
        "details.components.orders",
        "details.components.orders.plain.size",
        "details.components.orders.plain.sha256",
        "details.components.orders.facts",
        "details.components.orders.facts.counts",
        "details.components.orders.facts.values",
        "details.components.orders.facts.notes",
        "details.components.uploads.facts.gaps",
        "previous.id",
        "previous.size",
        "previous.sha256",
        "writer",
        "critical")) {
      assertMalformed(json -> remove(json, path), "not a manifest: " + path + " is missing");
    }
  }

  @Test
  void whatMayBeMissingMayBeMissing() throws Exception {
    for (String path : List.of(
        "identity.schemaVersion", "keepUntil", "previous", "details.components.uploads.missing")) {
      Manifest read = Manifest.parse(edited(json -> remove(json, path)));
      assertThat(read).as(path).isNotEqualTo(full());
      assertThat(read.id()).isEqualTo(ID);
    }
  }

  @Test
  void whatWasSealedIsThereAgainOnceItIsRevealed() throws Exception {
    Manifest sealed = full().sealed("bm90IHJlYWxseQ==");
    ObjectNode json = (ObjectNode) JACKSON.readTree(sealed.toBytes());
    assertThat(json.has("details")).isFalse();
    assertThat(json.path("sealed").textValue()).isEqualTo("bm90IHJlYWxseQ==");
    assertThat(json.path("critical").get(0).textValue()).isEqualTo("sealed");
    assertThat(new String(sealed.toBytes(), StandardCharsets.UTF_8))
        .doesNotContain("order lines", "for the audit", "ticket", "half as many rows", "the disk");
    Manifest opened = Manifest.parse(sealed().toBytes());
    assertThat(opened.details()).isEmpty();
    assertThat(opened.components().get(0).details()).isEmpty();
    byte[] details = full().detailsToBytes();
    assertThat(opened.revealed(details).details()).isEqualTo(full().details());
    assertThat(opened.revealed(details).components().get(0).details())
        .isEqualTo(full().components().get(0).details());
    assertThat(opened.revealed(details).isEncrypted()).isTrue();
    assertThatThrownBy(() -> opened.revealed("{}".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(FormatException.class)
        .hasMessage("what the manifest has sealed is not right: components is missing");
  }

  @Test
  void whatItReplacesStandsInClear() throws Exception {
    assertThat(JACKSON.readTree(sealed().toBytes()).path("replaces").textValue())
        .isEqualTo(REPLACED.toString());
    assertThat(Manifest.parse(edited(json -> json.remove("replaces"))).replaces())
        .isEmpty();
    assertMalformed(
        json -> json.put("replaces", "the one before"),
        "not a manifest: not a backup id: \"the one before\"");
    assertMalformed(
        json -> json.put("replaces", json.path("id").textValue()),
        "not a manifest: it replaces itself");
  }

  @Test
  void nothingIsHalfEncrypted() {
    assertMalformed(
        json -> json.remove("details"), "not a manifest: either details or sealed must be there");
    assertMalformed(
        json -> json.put("sealed", "c2VhbGVk"),
        "not a manifest: either details or sealed must be there");
    assertMalformed(
        json -> ((ArrayNode) json.at("/components/0/codecs")).add("floe"),
        "not a manifest: components[0].codecs must not hold floe here");
    assertMalformed(
        json -> json.put("sealed", "c2VhbGVk").remove("details"),
        "not a manifest: components[0].codecs must end with floe, for the manifest is sealed");
    assertMalformed(
        json -> {
          json.put("sealed", "c2VhbGVk").remove("details");
          ((ArrayNode) json.at("/components/0/codecs")).insert(0, "floe");
        },
        "not a manifest: components[0].codecs must end with floe, for the manifest is sealed");
  }

  @Test
  void contentAndPartsGoTogether() {
    assertMalformed(
        json -> remove(json, "details.components.orders.plain"),
        "not a manifest: details.components.orders.plain must be there exactly when the component"
            + " has parts");
    assertMalformed(
        json -> ((ObjectNode) json.at("/components/0")).putArray("parts"),
        "not a manifest: details.components.orders.plain must be there exactly when the component"
            + " has parts");
  }

  @Test
  void nothingIsThereTwice() {
    assertMalformed(
        json -> ((ObjectNode) json.at("/components/1")).put("name", "orders"),
        "not a manifest: components[1].name is there twice");
    assertMalformed(
        json -> ((ObjectNode) json.at("/components/0/parts/1"))
            .put("name", json.at("/components/0/parts/0/name").textValue()),
        "not a manifest: components[0].parts[1].name is there twice");
    assertMalformed(
        json -> ((ArrayNode) json.at("/components/0/codecs")).add("zstd"),
        "not a manifest: components[0].codecs holds one twice");
    byte[] doubled = new String(full().toBytes(), StandardCharsets.UTF_8)
        .replace("\"zone\":", "\"series\": \"till\",\n  \"zone\":")
        .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> Manifest.parse(doubled))
        .isInstanceOf(FormatException.class)
        .hasMessageMatching(
            "not a manifest: not valid JSON at line \\d+, column \\d+: a key is there twice");
  }

  @Test
  void partsLieInTheBackupsOwnFolder() {
    String message = "not a manifest: components[0].parts[0].name lies outside the backup's folder";
    for (String outside : List.of(
        "shop/series.json",
        "till/" + ID + "/orders.db",
        "shop/20260214T143045Z-pre-migration-aaaaaaaa/orders.db",
        "shop/" + ID)) {
      assertMalformed(json -> partName(json, outside), message);
    }
    assertMalformed(
        json -> partName(json, "shop/" + ID + "/../../x"),
        "not a manifest: not an object name: \"shop/" + ID + "/../../x\"");
  }

  @Test
  void hostileTextsAreRefusedAndMadePrintable() {
    String evil = "\u001b[2J\n\u202e" + "x".repeat(300);
    String shown = "\"\\u001b[2J\\u000a\\u202e" + "x".repeat(194) + "…\"";
    assertMalformed(json -> json.put("id", evil), "not a manifest: not a backup id: " + shown);
    assertMalformed(
        json -> json.put("series", evil),
        "not a manifest: series must be 1 to 40 of a-z, 0-9 and -, with no - at either end, was "
            + shown);
    assertMalformed(
        json -> json.put("zone", evil), "not a manifest: zone is not known here: " + shown);
    assertMalformed(
        json -> json.put("keepUntil", evil),
        "not a manifest: keepUntil must be a time, was " + shown);
    assertMalformed(
        json -> ((ObjectNode) json.at("/components/0")).put("name", evil),
        "not a manifest: component must be 1 to 40 of a-z, 0-9 and -, with no - at either end, was "
            + shown);
    assertMalformed(
        json -> ((ObjectNode) json.at("/details/tags")).put(evil, 1),
        "not a manifest: details.tags: each member must be a text");
    assertMalformed(
        json -> ((ObjectNode) json.at("/details/components/orders/facts/counts")).put(evil, "1"),
        "not a manifest: details.components.orders.facts.counts: each member must be a whole"
            + " number");
    assertNewer(
        json -> json.put("layout", evil),
        "the layout " + shown + " is not known: needs a newer version of Lifeboat than this");
  }

  @Test
  void wrongValuesAreRefused() {
    assertMalformed(
        json -> json.put("state", "COMPLETE"),
        "not a manifest: state must be complete, suspect or incomplete");
    assertMalformed(
        json -> json.put("tookMillis", -1), "not a manifest: tookMillis must not be negative");
    assertMalformed(
        json -> ((ObjectNode) json.at("/components/0/parts/0")).put("size", -1),
        "not a manifest: components[0].parts[0].size must not be negative");
    assertMalformed(
        json -> ((ObjectNode) json.at("/components/0/parts/0")).put("sha256", "A".repeat(64)),
        "not a manifest: sha256 must be 64 hexadecimal digits in lower case");
    assertMalformed(
        json -> json.put("zone", "Europe/Atlantis"),
        "not a manifest: zone is not known here: \"Europe/Atlantis\"");
  }

  @Test
  void otherDocumentsAreNoManifests() {
    byte[] cut = Arrays.copyOf(full().toBytes(), 100);
    assertThatThrownBy(() -> Manifest.parse(cut))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("not a manifest: not valid JSON at line ");
    assertThatThrownBy(() -> Manifest.parse(new byte[0]))
        .isInstanceOf(FormatException.class)
        .hasMessage("not a manifest: not a JSON object");
    assertThatThrownBy(() -> Manifest.parse(new byte[Manifest.MAX_BYTES + 1]))
        .isInstanceOf(FormatException.class)
        .hasMessage("a manifest of 16777217 bytes; it may have 16 MiB at most");
  }

  @Test
  void everyCutAndManyFlipsAreRefusedOrReadAsSomethingElse() throws IOException {
    byte[] right = full().toBytes();
    for (int length = 0; length < right.length - 2; length++) {
      byte[] cut = Arrays.copyOf(right, length);
      assertThat(catchThrowableOfType(FormatException.class, () -> Manifest.parse(cut)))
          .as("cut to " + length)
          .isNotNull();
    }
    for (int i = 0; i < right.length; i++) {
      byte[] flipped = right.clone();
      flipped[i] ^= 0x10;
      try {
        Manifest.parse(flipped).toBytes(); // no other exception than the next
      } catch (FormatException e) {
        assertThat(e.getMessage()).as("byte " + i).isNotBlank();
      }
    }
  }

  @Test
  void componentsAreFoundByName() {
    assertThat(full().component("uploads").map(Component::type)).contains("tar");
    assertThat(full().component("nobody")).isEmpty();
  }

  private static Manifest full() {
    Component orders = new Component(
        "orders",
        "sqlite",
        List.of("zstd"),
        List.of(part("orders.db.zst.000001"), part("orders.db.zst.000002")),
        Optional.of(new Component.Details(
            Optional.of(Digest.of(new byte[9])),
            Facts.counting("order lines", 1234)
                .value("schema version", "7")
                .note("SQLite", "3.54.1")
                .gap("a table could not be read"),
            Optional.empty())));
    Component uploads = new Component(
        "uploads",
        "tar",
        List.of(),
        List.of(),
        Optional.of(
            new Component.Details(Optional.empty(), Facts.NONE, Optional.of("the disk is gone"))));
    return manifest(
        State.INCOMPLETE,
        Optional.of(new Manifest.Details(
            "office",
            "for the audit",
            Map.of("ticket", "ü-17", "b", ""),
            List.of("half as many rows"))),
        List.of(orders, uploads));
  }

  private static Manifest sealed() {
    Component orders = new Component(
        "orders",
        "sqlite",
        List.of("zstd", "floe"),
        List.of(part("orders.db.zst.floe")),
        Optional.empty());
    return manifest(State.COMPLETE, Optional.empty(), List.of(orders));
  }

  private static Manifest manifest(
      State state, Optional<Manifest.Details> details, List<Component> components) {
    return new Manifest(
        ID,
        "shop",
        new Identity("shop", "production", "db1", Optional.of("7")),
        ZoneId.of("Europe/Berlin"),
        Duration.ofMillis(12_345),
        Duration.ofMillis(6),
        "parts",
        state,
        Optional.of(Instant.parse("2027-01-01T00:00:00.123456789Z")),
        Optional.of(Instant.parse("2026-02-15T02:30:57.345Z")),
        components,
        details,
        details.isPresent() ? Optional.empty() : Optional.of("c2VhbGVk"),
        Optional.of(
            new Manifest.Predecessor(BackupId.parse("20260213T143045Z-manual-aaaaaaaa"), DIGEST)),
        Optional.of(REPLACED),
        "Lifeboat 0.1.0");
  }

  private static Manifest with(Duration took, Duration skew) {
    Manifest m = sealed();
    return new Manifest(
        m.id(),
        m.series(),
        m.identity(),
        m.zone(),
        took,
        skew,
        m.layout(),
        m.state(),
        m.keepUntil(),
        m.readBackBy(),
        m.components(),
        m.details(),
        m.sealed(),
        m.previous(),
        m.replaces(),
        m.writer());
  }

  private static Part part(String last) {
    return new Part(ObjectName.of("shop/" + ID + "/" + last), DIGEST);
  }

  private static void partName(ObjectNode json, String name) {
    ((ObjectNode) json.at("/components/0/parts/0")).put("name", name);
  }

  /** At a path as messages write it: {@code components[0].parts[1].name}. */
  private static void remove(ObjectNode json, String path) {
    String pointer = "/" + path.replace("[", ".").replace("]", "").replace('.', '/');
    int last = pointer.lastIndexOf('/');
    ObjectNode parent = (ObjectNode) json.at(pointer.substring(0, last));
    assertThat(parent.remove(pointer.substring(last + 1))).as(path).isNotNull();
  }

  private static byte[] edited(Consumer<ObjectNode> edit) {
    try {
      ObjectNode json = (ObjectNode) JACKSON.readTree(full().toBytes());
      edit.accept(json);
      return JACKSON.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertMalformed(Consumer<ObjectNode> edit, String message) {
    FormatException e =
        catchThrowableOfType(FormatException.class, () -> Manifest.parse(edited(edit)));
    assertThat(e).as("refused: " + message).isNotNull().hasMessage(message);
    assertThat(e.isFromNewerVersion()).isFalse();
  }

  private static void assertNewer(Consumer<ObjectNode> edit, String message) {
    FormatException e =
        catchThrowableOfType(FormatException.class, () -> Manifest.parse(edited(edit)));
    assertThat(e).as("refused: " + message).isNotNull().hasMessage(message);
    assertThat(e.isFromNewerVersion()).isTrue();
  }
}
