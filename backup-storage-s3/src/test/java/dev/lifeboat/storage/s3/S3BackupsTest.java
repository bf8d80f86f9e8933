package dev.lifeboat.storage.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.source.BytesSource;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Whole backups in a real server that checks signatures. */
class S3BackupsTest {
  private static final AtomicInteger PREFIXES = new AtomicInteger();
  private static final String CANARY = "the canary of the orders";

  private static S3Server server;
  private static S3Client client;

  @TempDir
  Path temp;

  private String prefix = "";
  private byte[] live = new byte[0];

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.inMemory();
    client = server.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @BeforeEach
  void choosePrefix() {
    prefix = "tenant-" + PREFIXES.incrementAndGet();
  }

  @Test
  void backupsAreMadeProvenPrunedAndRestoredOnAnEmptyMachine() throws Exception {
    Backups backups = over(sink(), "here").build();
    List<BackupId> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      live = content(i);
      made.add(backups.create(Reason.MANUAL).id());
    }
    assertThat(backups.list()).hasSize(5).allMatch(backup -> backup.state() == State.COMPLETE);
    for (Depth depth : Depth.values()) {
      assertThat(backups.verify(made.get(0), depth).depth()).isEqualTo(depth);
    }
    assertThat(backups.prune().removed()).hasSize(2);

    Backups elsewhere = over(sink(), "elsewhere").build();
    assertThat(elsewhere.list()).hasSize(3);
    elsewhere.restore(made.get(3));
    assertThat(live).isEqualTo(content(3));
  }

  @Test
  void encryptedBackupsTellTheStoreNothing() throws Exception {
    BackupKey key = BackupKey.generate();
    Backups backups = over(sink(), "here").encryption(Encryption.key(key)).build();
    live = content(1);
    BackupId id = backups.create(Reason.MANUAL).id();
    for (StoredObject stored : sink().list("")) {
      try (var in = sink().open(stored.name())) {
        assertThat(new String(in.readAllBytes(), ISO_8859_1)).doesNotContain(CANARY);
      }
    }
    live = new byte[0];
    over(sink(), "elsewhere").encryption(Encryption.key(key)).build().restore(id);
    assertThat(live).isEqualTo(content(1));
  }

  @Test
  void thisServersWordIsTakenForWhatWasPut() throws Exception {
    assertThat(sink().put(ObjectName.of("shop/data"), Content.of(content(1))).attested())
        .isPresent();
  }

  @Test
  void whatOthersHavePutThereIsLeftAlone() throws Exception {
    List<String> foreign = List.of(
        ".hidden",
        "shop/Bericht für März.pdf",
        "shop/catalog/a+b%20c?d#e&f.json",
        "shop/catalog/~(x)*'!.json",
        "shop/con",
        "shop/ends.");
    for (String key : foreign) {
      client.putObject(
          request -> request.bucket(S3Server.BUCKET).key(prefix + "/" + key),
          RequestBody.fromString("somebody's"));
    }
    Backups backups = over(sink(), "here").build();
    for (int i = 0; i < 5; i++) {
      live = content(i);
      backups.create(Reason.MANUAL);
    }
    backups.prune();
    assertThat(backups.list()).hasSize(3);
    assertThat(client
            .listObjectsV2(request -> request.bucket(S3Server.BUCKET).prefix(prefix))
            .contents())
        .extracting(object -> object.key().substring(prefix.length() + 1))
        .containsAll(foreign);
  }

  @Test
  void severalHostsShareABucket() throws Exception {
    List<String> series = List.of("orders", "users", "mail", "wiki");
    inParallel(series, name -> {
      Backups backups = Backups.builder(name)
          .source(BytesSource.of("doc", () -> content(name.length()), bytes -> {}))
          .sink(S3Sink.in(client, S3Server.BUCKET, prefix))
          .workDirectory(temp.resolve(name))
          .build();
      backups.create(Reason.MANUAL);
      backups.create(Reason.MANUAL);
      assertThat(backups.list()).hasSize(2);
    });
  }

  @Test
  void aWrongSecretIsAccessDeniedAndNotTold() throws Exception {
    try (S3Client wrong = S3Server.builder(
            server.endpoint(), S3Server.KEY_ID, "canary-of-another-secret")
        .build()) {
      BackupSink sink = S3Sink.in(wrong, S3Server.BUCKET, prefix);
      AccessDeniedException thrown =
          catchThrowableOfType(AccessDeniedException.class, () -> sink.list(""));
      assertThat(thrown)
          .hasMessageStartingWith("s3://company-backups@127.0.0.1:" + server.port() + "/" + prefix
              + "/: may not list: HTTP 403 SignatureDoesNotMatch, ");
      assertThat(thrown.toString() + thrown.getCause()).doesNotContain("canary");
    }
  }

  @Test
  void anUnknownKeyIsAccessDenied() throws Exception {
    try (S3Client wrong =
        S3Server.builder(server.endpoint(), "AKIAUNKNOWN", S3Server.SECRET).build()) {
      Backups backups = over(S3Sink.in(wrong, S3Server.BUCKET, prefix), "here").build();
      BackupException thrown =
          catchThrowableOfType(BackupException.class, () -> backups.create(Reason.MANUAL));
      assertThat(thrown.kind()).isEqualTo(BackupException.Kind.SINK);
      assertThat(thrown)
          .hasMessageStartingWith("Cannot back up \"shop\" in s3://company-backups@127.0.0.1:"
              + server.port() + "/" + prefix + ": s3://")
          .hasMessageContaining(" is not accessible (may not open: HTTP 403 InvalidAccessKeyId, ")
          .hasMessageEndingWith(". Nothing was added; earlier backups are untouched.");
    }
  }

  @Test
  void aMissingBucketIsNotAnEmptyOne() {
    Backups backups = over(S3Sink.in(client, "no-such-bucket", "x"), "here").build();
    String place = "s3://no-such-bucket@127.0.0.1:" + server.port() + "/x";
    assertThat(catchThrowableOfType(BackupException.class, () -> backups.create(Reason.MANUAL)))
        .hasMessage("Cannot back up \"shop\" in " + place + ": cannot open " + place
            + "/shop/series.json: the bucket \"no-such-bucket\" does not exist. Nothing was added;"
            + " earlier backups are untouched.");
    assertThat(catchThrowableOfType(BackupException.class, backups::list)).isNotNull();
  }

  @Test
  void whoMayNotDeleteMakesBackupsAndIsToldThatNothingIsPruned() throws Exception {
    try (FakeS3 store = FakeS3.start();
        S3Client appendOnly = S3Server.client(store.endpoint())) {
      store.answering(
          FakeS3.call("DELETE"), FakeS3.Answer.error(403, "AccessDenied", "Access Denied"));
      Backups backups =
          over(S3Sink.in(appendOnly, FakeS3.BUCKET, prefix), "here").build();
      for (int i = 0; i < 5; i++) {
        live = content(i);
        Backup backup = backups.create(Reason.MANUAL);
        backups.verify(backup.id(), Depth.CONTENT);
      }
      List<String> before = store.keys();
      RetentionPlan done = backups.prune();
      assertThat(done.removed()).isEmpty();
      assertThat(done.kept())
          .filteredOn(decision -> decision.causes().get(0).rule().equals("not-permitted"))
          .hasSize(2)
          .allSatisfy(decision -> assertThat(decision.causes().get(0).text())
              .startsWith("not permitted: s3://company-backups@127.0.0.1:" + store.port())
              .endsWith(" is not accessible (may not delete: HTTP 403 AccessDenied, Access"
                  + " Denied)"));
      assertThat(backups.list()).hasSize(5);
      assertThat(store.keys()).isEqualTo(before);
    }
  }

  private BackupSink sink() {
    return S3Sink.in(client, S3Server.BUCKET, prefix);
  }

  private Backups.Builder over(BackupSink sink, String work) {
    return Backups.builder("shop")
        .source(BytesSource.of("orders", () -> live, bytes -> live = bytes))
        .sink(sink)
        .retention(RetentionPolicy.keepLast(3))
        .partSize(64 << 10)
        .workDirectory(temp.resolve(work));
  }

  /** A few parts of what no codec makes smaller, and a few words. */
  private static byte[] content(int seed) {
    byte[] bytes = new byte[200_000];
    new Random(seed).nextBytes(bytes);
    byte[] canary = CANARY.getBytes(UTF_8);
    System.arraycopy(canary, 0, bytes, 1000, canary.length);
    return bytes;
  }

  @FunctionalInterface
  private interface Errand {
    void run(String name) throws IOException;
  }

  private static void inParallel(List<String> names, Errand errand) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (String name : names) {
        all.add(threads.submit(() -> {
          errand.run(name);
          return null;
        }));
      }
      for (Future<?> one : all) {
        one.get(120, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
