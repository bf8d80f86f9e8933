package dev.lifeboat;

import static dev.lifeboat.Shop.failure;
import static dev.lifeboat.Shop.noise;
import static dev.lifeboat.Shop.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.codec.EncodingStream;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.source.Snapshot;
import dev.lifeboat.source.UnprovenException;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a backup is made of, and what becomes of sources and codecs that fail. */
class CreationTest {
  private static final String UNTOUCHED = " Nothing was added; earlier backups are untouched.";

  @TempDir
  Path temp;

  private Shop shop;
  private final Documents uploads = new Documents("uploads", noise(200_000, 99));

  @BeforeEach
  void open() {
    shop = new Shop(temp.resolve("work"));
  }

  @Test
  void theManifestIsPutLastAndTheSeriesFirst() {
    FaultySink sink = FaultySink.over(shop.memory);
    shop.nextContent();
    Backup backup =
        shop.over(sink).build().create(CreateRequest.of(Reason.MANUAL).pinned("for the audit"));

    List<String> puts = sink.history().stream()
        .filter(call -> call.startsWith("PUT "))
        .map(call -> call.replaceAll("\\.pin-[a-z2-7]{8}", ".pin-x"))
        .toList();
    String id = backup.id().toString();
    assertThat(puts.subList(2, 4))
        .containsExactlyInAnyOrder(
            "PUT shop/" + id + "/orders.doc.000001", "PUT shop/" + id + "/orders.doc.000002");
    assertThat(puts.subList(0, 2)).containsExactly("PUT shop/series.json", "PUT shop/RECOVERY.txt");
    assertThat(puts.subList(4, puts.size()))
        .containsExactly(
            "PUT shop/catalog/" + id + ".pin-x.json",
            "PUT shop/catalog/" + id + ".auth",
            "PUT shop/catalog/" + id + ".json");
    // the folder is listed once more between the last part and what makes the backup exist
    List<String> history = sink.history();
    assertThat(history.lastIndexOf("LIST shop/" + id + "/"))
        .isGreaterThan(history.lastIndexOf("PUT shop/" + id + "/orders.doc.000002"))
        .isLessThan(history.indexOf("PUT shop/catalog/" + id + ".auth"));
  }

  @Test
  void whatTheStoreDoesNotAttestIsReadBack() {
    FaultySink sink = FaultySink.over(shop.memory).notAttesting();
    shop.nextContent();
    Backup backup = shop.over(sink).build().create(Reason.MANUAL);

    for (String put : sink.history().stream().filter(c -> c.startsWith("PUT ")).toList()) {
      assertThat(sink.history()).contains(put.replace("PUT", "OPEN"));
    }
    assertThat(sink.calls(Call.PUT)).isEqualTo(6);
    assertThat(shop.backups().list()).containsExactly(backup);
  }

  @Test
  void aRequestIsKeptInTheManifest() {
    Instant until = Instant.parse("2027-01-01T00:00:00Z");
    Backups backups = shop.backups().by("office");
    Backup backup = backups.create(CreateRequest.of(Reason.of("nightly"))
        .tag("release", "1.2")
        .note("before the move")
        .pinned("for the audit")
        .keepUntil(until));

    assertThat(backups.list()).containsExactly(backup);
    assertThat(backup.manifest().details())
        .contains(
            new Manifest.Details("office", "before the move", Map.of("release", "1.2"), List.of()));
    assertThat(backup.keepUntil()).contains(until);
    assertThat(backup.pins())
        .containsExactly(new Pin(shop.clock.instant(), "office", "for the audit"));
    assertThat(backup.reason()).isEqualTo(Reason.of("nightly"));
    assertThat(backup.proofs())
        .containsExactly(new Proof(
            backup.time().plus(backup.manifest().took()),
            Depth.CONTENT,
            "memory shop",
            backup.manifest().took()));
  }

  @Test
  void aNoteThatCouldNotBeReadAgainIsRefusedBeforeItCounts() {
    BackupException thrown = failure(() ->
        shop.backups().create(CreateRequest.of(Reason.MANUAL).note("x".repeat((1 << 20) + 1))));

    assertThat(thrown.kind()).isEqualTo(Kind.REFUSED);
    assertThat(String.valueOf(thrown.getMessage()).replaceAll("of [0-9]+ bytes", "of n bytes"))
        .startsWith(
            "Cannot back up \"shop\" in memory shop: its manifest of n bytes could not be read"
                + " again: not a manifest: not valid JSON")
        .endsWith(". Choose larger parts, shorter notes or fewer tags and facts." + UNTOUCHED);
    assertThat(shop.names()).containsExactly("shop/RECOVERY.txt", "shop/series.json");
  }

  @Test
  void everyCompressionComesBackByItsManifest() {
    for (Codec codec : List.of(Compression.none(), Compression.gzip(), Compression.zstd())) {
      Shop other = new Shop(temp.resolve("work-" + codec.id()));
      Backups backups = Backups.builder("shop")
          .source(other.orders)
          .sink(other.memory)
          .compression(codec)
          .workDirectory(temp.resolve("work-" + codec.id()))
          .build();
      other.orders.live = text("order ".repeat(50_000));
      Backup backup = backups.create(Reason.MANUAL);

      assertThat(backup.manifest().components().get(0).codecs())
          .isEqualTo(codec.id().equals("none") ? List.of() : List.of(codec.id()));
      assertThat(other.read(other.backups(), backup.id())).isEqualTo(other.orders.live);
      backups.verify(backup.id(), Depth.DRILL);
    }
  }

  @Test
  void anEmptySourceIsOneEmptyPart() {
    shop.orders.live = new byte[0];
    Backup backup = shop.backups().create(Reason.MANUAL);

    assertThat(backup.manifest().components().get(0).parts()).hasSize(1);
    assertThat(backup.manifest().components().get(0).parts().get(0).stored())
        .isEqualTo(Digest.of(new byte[0]));
    assertThat(shop.read(shop.backups(), backup.id())).isEmpty();
    shop.backups().verify(backup.id(), Depth.DRILL);
  }

  @Test
  void eachNamesTheOneBeforeIt() {
    shop.makeBackups(2);
    List<Backup> backups = shop.backups().list();
    Digest first = Digest.of(shop.get(Shop.manifest(backups.get(1).id())));

    assertThat(backups.get(1).manifest().previous()).isEmpty();
    assertThat(backups.get(0).manifest().previous())
        .contains(new Manifest.Predecessor(backups.get(1).id(), first));
  }

  @Test
  void oneFromTheFutureIsNobodysPredecessor() {
    shop.clock.advance(Duration.ofDays(400));
    shop.make(shop.backups());
    shop.clock.advance(Duration.ofDays(-400));
    assertThat(shop.make(shop.backups()).manifest().previous()).isEmpty();
  }

  @Test
  void aPredecessorThatIsGoneOrAnotherIsTold() {
    shop.makeBackups(2);
    List<Backup> backups = shop.backups().list();
    String newer = backups.get(0).id().toString();
    String older = backups.get(1).id().toString();
    byte[] manifest = shop.get(Shop.manifest(backups.get(1).id()));

    // a forger can write both, but not the digest in the next one
    byte[] forged = new String(manifest, StandardCharsets.UTF_8)
        .replace("\"host\"", " \"host\"")
        .getBytes(StandardCharsets.UTF_8);
    shop.replace(Shop.manifest(backups.get(1).id()), forged);
    Digest digest = Digest.of(forged);
    shop.replace(
        Shop.authentication(backups.get(1).id()),
        text("{\"format\":1,\"size\":" + digest.size() + ",\"sha256\":\"" + digest.sha256()
            + "\"}"));
    shop.backups().list();
    assertThat(shop.warnings())
        .containsExactly("catalogue: gap: the manifest of " + older + " is not the one that "
            + newer + " names as the one before it");

    shop.events.clear();
    shop.memory.delete(Shop.manifest(backups.get(1).id())); // what authenticates it stays
    assertThat(shop.backups().list()).containsExactly(backups.get(0));
    assertThat(shop.warnings())
        .containsExactly("catalogue: gap: " + newer + " names " + older
            + " as the one before it, which is gone without a tombstone");
  }

  @Test
  void aSourceThatFailsAtAnyStepFailsTheBackupAndLeavesNothing() {
    for (String step : List.of("open", "capture", "examine", "write")) {
      fail(shop.orders, step, new IOException("the disk has gone"));
      shop.orders.live = noise(300_000, 4);
      BackupException thrown = failure(() -> shop.backups().create(Reason.MANUAL));
      fail(shop.orders, step, null);

      assertThat(thrown.kind()).as(step).isEqualTo(Kind.SOURCE);
      assertThat(thrown)
          .hasMessage("Cannot back up \"orders\" to \"shop\" in memory shop: the disk has gone."
              + UNTOUCHED);
      assertThat(shop.names()).containsExactly("shop/RECOVERY.txt", "shop/series.json");
      assertThat(shop.backups().list()).isEmpty();
      assertThat(temp.resolve("work/scratch")).isEmptyDirectory();
      assertThat(temp.resolve("work/begun")).isEmptyDirectory();
    }
  }

  @Test
  void aSchemaThatCannotBeLearntFailsTheBackupBeforeAnythingIsRead() {
    Backups backups = shop.over(shop.memory)
        .schemaVersion(() -> {
          throw new IOException("no such table: schema_history");
        })
        .build();
    BackupException thrown = failure(() -> backups.create(Reason.MANUAL));

    assertThat(thrown.kind()).isEqualTo(Kind.HOOK);
    assertThat(thrown)
        .hasMessage(
            "Cannot back up \"shop\" in memory shop: the schema version could not be learnt:"
                + " no such table: schema_history." + UNTOUCHED);
    assertThat(shop.names()).containsExactly("shop/RECOVERY.txt", "shop/series.json");
  }

  @Test
  void anOptionalSourceThatFailsAtAnyStepMakesItIncomplete() {
    for (String step : List.of("open", "capture", "examine", "write")) {
      shop.events.clear();
      fail(uploads, step, new IOException("the disk has gone"));
      Backup backup = shop.over(shop.memory).optionalSource(uploads).build().create(Reason.MANUAL);

      assertThat(backup.state()).as(step).isEqualTo(State.INCOMPLETE);
      Component missing = backup.manifest().component("uploads").orElseThrow();
      assertThat(missing.isCaptured()).isFalse();
      assertThat(missing.details().orElseThrow().missing()).contains("the disk has gone");
      assertThat(shop.warnings()).containsExactly("uploads: left out: the disk has gone");
      assertThat(shop.names()).noneMatch(name -> name.contains("/uploads."));
      shop.remember(backup.id(), text("the first orders"));
      shop.assertAllListedAreWhole(shop.backups());
      shop.assertNothingIsLeftOver(shop.backups());
      fail(uploads, step, null);
    }
  }

  @Test
  void aFileOfASourceThatIsThereAlreadyIsNoClashOfIds() {
    shop.orders.live = Shop.noise(5 * Shop.PART, 1);
    shop.orders.failWrite = new FileAlreadyExistsException("/tmp/export");
    BackupException thrown = failure(() -> shop.backups().create(Reason.MANUAL));
    assertThat(thrown.kind()).isEqualTo(Kind.SOURCE);
    assertThat(shop.names()).containsExactlyInAnyOrder("shop/RECOVERY.txt", "shop/series.json");
    assertThat(shop.warnings()).isEmpty();
  }

  @Test
  void nothingIsMadeOfOptionalSourcesThatAllFail() {
    uploads.failOpen = new IOException("unplugged");
    Backups backups = Backups.builder("shop")
        .optionalSource(uploads)
        .sink(shop.memory)
        .workDirectory(temp.resolve("work"))
        .build();
    BackupException thrown = failure(() -> backups.create(Reason.MANUAL));
    assertThat(thrown.kind()).isEqualTo(Kind.SOURCE);
    assertThat(thrown)
        .hasMessage("Cannot back up \"shop\" in memory shop: no source could be read." + UNTOUCHED);
  }

  @Test
  void aCorruptStateNeverBecomesABackup() {
    shop.orders.failExamine = new UnprovenException(List.of("page 7 is bad", "page 9 is bad"));
    BackupException thrown = failure(() -> shop.backups().create(Reason.MANUAL));
    assertThat(thrown.kind()).isEqualTo(Kind.SOURCE);
    assertThat(thrown)
        .hasMessage(
            "Cannot back up \"orders\" to \"shop\" in memory shop: page 7 is bad; page 9 is bad."
                + UNTOUCHED);
  }

  @Test
  void aTimeOutOfASourceIsNoInterrupt() {
    shop.orders.failWrite = new SocketTimeoutException("the database did not answer");
    BackupException thrown = failure(() -> shop.backups().create(Reason.MANUAL));
    assertThat(thrown.kind()).isEqualTo(Kind.SOURCE);
    assertThat(thrown)
        .hasMessage(
            "Cannot back up \"orders\" to \"shop\" in memory shop: the database did not answer."
                + UNTOUCHED);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void whatTheRequestLeavesOutMakesItIncomplete() {
    Backups backups = shop.over(shop.memory).source(uploads).build();
    Backup backup = backups.create(CreateRequest.of(Reason.MANUAL).only("orders"));

    assertThat(backup.state()).isEqualTo(State.INCOMPLETE);
    assertThat(backup.manifest().component("uploads").orElseThrow().details().orElseThrow())
        .isEqualTo(new Component.Details(
            Optional.empty(), Facts.NONE, Optional.of("left out by request")));
    assertThat(backups.latest()).isEmpty();
    assertThat(backups.list()).containsExactly(backup);

    BackupException thrown =
        failure(() -> backups.create(CreateRequest.of(Reason.MANUAL).only("invoices")));
    assertThat(thrown.kind()).isEqualTo(Kind.NOT_FOUND);
    assertThat(thrown)
        .hasMessage("Cannot back up \"shop\" in memory shop: no source is called \"invoices\"."
            + " Nothing was done.");
  }

  @Test
  void aGapMakesItIncomplete() {
    shop.orders.gap = "letters/7.pdf: permission denied";
    Backup backup = shop.backups().create(Reason.MANUAL);
    assertThat(backup.state()).isEqualTo(State.INCOMPLETE);
    assertThat(backup
            .manifest()
            .components()
            .get(0)
            .details()
            .orElseThrow()
            .facts()
            .gaps())
        .containsExactly("letters/7.pdf: permission denied");
  }

  @Test
  void aCodecThatDecodesToSomethingElseIsCaughtBeforeTheBackupCounts() {
    Backups backups = Backups.builder("shop")
        .source(shop.orders)
        .sink(shop.memory)
        .compression(new FlippingCodec())
        .workDirectory(temp.resolve("work"))
        .build();
    BackupException thrown = failure(() -> backups.create(Reason.MANUAL));

    assertThat(thrown.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(String.valueOf(thrown.getMessage()).replaceAll("shop/[0-9]{8}T[^/]+/", "shop/ID/"))
        .isEqualTo(
            "Cannot back up \"shop\" in memory shop: shop/ID/orders.doc.flip does not decode to"
                + " what was read: a codec or the memory is at fault." + UNTOUCHED);
    assertThat(shop.names()).containsExactly("shop/RECOVERY.txt", "shop/series.json");
  }

  @Test
  void aGateIsReopenedWhateverHappensBehindIt() {
    StringBuilder heard = new StringBuilder();
    Gate gate = Gate.of(() -> heard.append("shut "), () -> heard.append("reopened "));
    Backups backups = shop.over(shop.memory).quiesce(gate).build();
    backups.create(Reason.MANUAL);
    shop.orders.failOpen = new IOException("locked");
    failure(() -> backups.create(Reason.MANUAL));
    assertThat(heard).hasToString("shut reopened shut reopened ");
  }

  @Test
  void aGateThatCannotBeReopenedIsTheFailureAndKeepsTheOther() {
    Backups backups = shop.over(shop.memory)
        .quiesce(Gate.of(() -> {}, () -> {
          throw new IllegalStateException("the writers do not answer");
        }))
        .build();
    shop.orders.failOpen = new IOException("locked");
    BackupException thrown = failure(() -> backups.create(Reason.MANUAL));

    assertThat(thrown.kind()).isEqualTo(Kind.HOOK);
    assertThat(thrown)
        .hasMessage(
            "Cannot back up \"shop\" in memory shop: the quiesce gate could not be reopened:"
                + " the writers do not answer. No backup was made; the application may still hold"
                + " still, reopen it by hand.");
    assertThat(thrown.getSuppressed()).hasSize(1);
    assertThat(thrown.getSuppressed()[0])
        .hasMessage("Cannot back up \"orders\" to \"shop\" in memory shop: locked." + UNTOUCHED);
    assertThat(shop.names()).containsExactly("shop/RECOVERY.txt", "shop/series.json");
  }

  @Test
  void anInterruptReachesNeitherTheGateNorTheCleanUp() {
    StringBuilder heard = new StringBuilder();
    Backups backups = shop.over(shop.memory)
        .quiesce(Gate.of(
            () -> Thread.currentThread().interrupt(),
            () -> heard.append(Thread.currentThread().isInterrupted())))
        .build();
    shop.nextContent();
    BackupException thrown = failure(() -> backups.create(Reason.MANUAL));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(heard).hasToString("false");
    assertThat(thrown.kind()).isEqualTo(Kind.INTERRUPTED);
    assertThat(shop.names()).containsExactly("shop/RECOVERY.txt", "shop/series.json");
  }

  @Test
  void aSourceThatSwallowsTheSinksFailureAndGoesOnIsStopped() {
    FaultySink sink = FaultySink.over(shop.memory)
        .failingFrom(Call.PUT, 3, () -> new NoSpaceException("full", null));
    Backups backups = Backups.builder("shop")
        .source(writing(out -> {
          for (int i = 0; i < 40; i++) { // more parts than may be put at once
            writeWhateverHappens(out);
          }
          return Facts.NONE;
        }))
        .sink(sink)
        .compression(Compression.none())
        .partSize(Shop.PART)
        .workDirectory(temp.resolve("work"))
        .build();
    BackupException thrown = failure(() -> backups.create(Reason.MANUAL));

    assertThat(thrown.kind()).isEqualTo(Kind.NO_SPACE);
    assertThat(thrown).hasMessage("Cannot back up \"shop\" in memory shop: full." + UNTOUCHED);
    assertThat(shop.names()).containsExactly("shop/RECOVERY.txt", "shop/series.json");
  }

  @Test
  void anErrorOfTheSourceIsPassedOnAndLeavesNothing() {
    Backups backups = Backups.builder("shop")
        .source(writing(out -> {
          out.write(new byte[3 * Shop.PART]);
          throw new OutOfMemoryError("no heap");
        }))
        .sink(shop.memory)
        .compression(Compression.none())
        .partSize(Shop.PART)
        .workDirectory(temp.resolve("work"))
        .build();
    assertThatThrownBy(() -> backups.create(Reason.MANUAL))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("no heap");
    assertThat(shop.names()).containsExactly("shop/RECOVERY.txt", "shop/series.json");
    assertThat(shop.backups().create(Reason.MANUAL).state()).isEqualTo(State.COMPLETE);
  }

  private static void fail(Documents source, String step, @Nullable IOException failure) {
    switch (step) {
      case "open" -> source.failOpen = failure;
      case "capture" -> source.failCapture = failure;
      case "examine" -> source.failExamine = failure;
      default -> source.failWrite = failure;
    }
  }

  private static void writeWhateverHappens(OutputStream out) {
    try {
      out.write(new byte[Shop.PART]);
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }

  private interface Writer {
    Facts writeTo(OutputStream out) throws IOException;
  }

  private static BackupSource writing(Writer writer) {
    return new BackupSource() {
      @Override
      public String name() {
        return "orders";
      }

      @Override
      public String type() {
        return "script";
      }

      @Override
      public Snapshot open(Path scratch) {
        return new Snapshot() {
          @Override
          public Facts writeTo(OutputStream out) throws IOException {
            return writer.writeTo(out);
          }

          @Override
          public void close() {}
        };
      }

      @Override
      public RestoreTarget target() {
        throw new UnsupportedOperationException("never restored");
      }
    };
  }

  @Test
  void aCodecThatNobodyCanReadBackIsRefusedAtTheDoor() {
    Codec own = new FlippingCodec() {
      @Override
      public String id() {
        return "lz5";
      }
    };
    assertThatThrownBy(() -> Backups.builder("shop").compression(own))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the codec \"lz5\" is not known: needs a newer version of Lifeboat than this");
  }

  /** Encodes as it should, and decodes with one bit wrong. */
  private static class FlippingCodec implements Codec {
    @Override
    public String id() {
      return "gzip"; // or nobody could read what it writes
    }

    @Override
    public String suffix() {
      return "flip";
    }

    @Override
    public EncodingStream encode(OutputStream out, Executor workers) throws IOException {
      return Compression.none().encode(out, workers);
    }

    @Override
    public InputStream decode(InputStream in) {
      return new FilterInputStream(in) {
        private boolean begun;

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
          int n = super.read(bytes, offset, length);
          if (n > 0 && !begun) {
            begun = true;
            bytes[offset] ^= 1;
          }
          return n;
        }
      };
    }
  }
}
