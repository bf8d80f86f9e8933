package dev.lifeboat.storage.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.Backups;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.testkit.BackupSinkContract;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the sink must do on a real server of every kind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerContract implements BackupSinkContract {
  private static final ObjectName NAME = ObjectName.of("orders/data");

  private final AtomicInteger collections = new AtomicInteger();

  DavServer server;

  abstract DavServer started(Path directory) throws IOException;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    server = started(home);
  }

  @AfterAll
  void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  @Override
  public BackupSink emptySink() throws IOException {
    return empty();
  }

  @Override
  public BackupSink again(BackupSink sink) {
    return server.sink(below(sink));
  }

  WebDavSink empty() throws IOException {
    return server.empty("c" + collections.incrementAndGet());
  }

  /** Where the sink's collection lies below the server's. */
  private String below(BackupSink sink) {
    URI address = URI.create(sink.description().substring("WebDAV ".length()));
    return server.uri().relativize(address).toString();
  }

  Path files(BackupSink sink) {
    return server.files().resolve(below(sink));
  }

  @Test
  void aThousandObjectsOfOneFolderAreListed() throws IOException {
    WebDavSink sink = empty();
    Path folder = Files.createDirectories(files(sink).resolve("orders"));
    List<String> names = new ArrayList<>();
    for (int i = 1000; i < 2000; i++) {
      Files.writeString(folder.resolve("data." + i), "x".repeat(i));
      names.add("orders/data." + i);
    }
    server.give(files(sink));
    List<StoredObject> listed = sink.list("");
    assertThat(listed).extracting(object -> object.name().value()).containsExactlyElementsOf(names);
    assertThat(listed)
        .allSatisfy(object -> assertThat(object.name().value()).endsWith("." + object.size()));
  }

  /** Whatever others have put there is no error, is left out, and stays. */
  @Test
  void whatHasNastyNamesIsLeftOut() throws IOException {
    WebDavSink sink = empty();
    sink.put(NAME, Content.of(new byte[] {1, 2, 3}));
    for (String nasty : List.of(
        "with space",
        "ünïcödé",
        "日本",
        "100%",
        "a%2fb",
        "what?",
        "a#b",
        "a&b",
        "a;b",
        "a+b",
        "<b>",
        "a\"b",
        "'",
        "[x]",
        "..x",
        ".hidden",
        "a..b",
        "~",
        "%",
        "%zz",
        "tab\there",
        "line\nhere",
        "\u001b[31m",
        "con")) {
      for (Path folder : List.of(files(sink), files(sink).resolve("orders"))) {
        Files.writeString(folder.resolve(nasty), nasty);
        Files.createDirectories(folder.resolve(nasty + " folder"));
      }
    }
    server.give(files(sink));
    long before = count(files(sink));
    assertThat(sink.list("")).extracting(StoredObject::name).containsExactly(NAME);
    assertThat(sink.list("orders/")).extracting(StoredObject::name).containsExactly(NAME);
    assertThat(count(files(sink))).isEqualTo(before);
  }

  @Test
  void aNewAddressOfTheSameCollectionNeedsNoSlash() throws IOException {
    WebDavSink sink = empty();
    sink.put(NAME, Content.of(new byte[] {1, 2, 3}));
    String below = below(sink);
    assertThat(server.sink(below.substring(0, below.length() - 1)).list("")).hasSize(1);
  }

  @Test
  void wrongCredentialsAreRefusedByEveryVerb() throws IOException {
    WebDavSink right = empty();
    right.put(NAME, Content.of(new byte[] {1, 2, 3}));
    WebDavSink wrong = right.basic(DavServer.USER, () -> "wrong horse".toCharArray());
    for (ThrowingCall call : calls(wrong)) {
      assertThatThrownBy(call::run)
          .isExactlyInstanceOf(AccessDeniedException.class)
          .hasMessageContaining("the server does not accept the credentials (HTTP 401 to ")
          .hasMessageNotContaining("horse");
    }
    assertThat(right.list("")).hasSize(1);
  }

  @Test
  void aMissingCollectionIsNeverAnEmptyOne() {
    WebDavSink missing = server.sink("not-there/");
    List<ThrowingCall> calls = calls(missing);
    for (ThrowingCall call : calls) {
      assertThatThrownBy(call::run)
          .isExactlyInstanceOf(NoSuchFileException.class)
          .hasMessageStartingWith(server.uri() + "not-there/: cannot ")
          .hasMessageEndingWith(
              ": there is no such collection on the server; create it, or correct the address");
    }
    assertThat(server.files().resolve("not-there")).doesNotExist();
  }

  interface ThrowingCall {
    void run() throws IOException;
  }

  private static List<ThrowingCall> calls(BackupSink sink) {
    return List.of(
        () -> sink.put(ObjectName.of("orders/other"), Content.of(new byte[1])),
        () -> sink.open(NAME),
        () -> sink.list(""),
        () -> sink.list("orders/"),
        () -> sink.delete(NAME));
  }

  @Test
  void aFolderUnderAnObjectsNameIsNeverDeletedNorPutOver() throws IOException {
    WebDavSink sink = empty();
    sink.put(NAME, Content.of(new byte[] {1, 2, 3}));
    ObjectName folder = ObjectName.of("orders");
    sink.delete(folder);
    assertThatThrownBy(() -> sink.put(folder, Content.of(new byte[1])))
        .hasMessage(root(sink) + ": cannot keep orders: is a folder");
    assertThatThrownBy(() -> sink.put(ObjectName.of("orders/data/below"), Content.of(new byte[1])))
        .isInstanceOf(IOException.class);
    assertThat(sink.list("")).extracting(StoredObject::name).containsExactly(NAME);
  }

  @Test
  void aFolderThatOthersTookAwayIsMadeAnew() throws IOException {
    WebDavSink sink = empty();
    sink.put(NAME, Content.of(new byte[] {1, 2, 3}));
    assertThat(server.request("DELETE", below(sink) + "orders/", "")).isBetween(200, 299);
    sink.put(NAME, Content.of(new byte[] {1, 2}));
    assertThat(sink.list("")).extracting(StoredObject::size).containsExactly(2L);
  }

  @Test
  void whatKilledPutsLeftAndEmptyFoldersOfBackupsAreSweptAfterADay() throws IOException {
    WebDavSink sink = empty();
    Path files = files(sink);
    Path part = Path.of("_lifeboat." + "0123456789abcdef".repeat(2) + ".tmp");
    Path old = Files.createDirectories(files.resolve("shop/20250101T120000Z-manual-k7f3q2ab"));
    Path young = Files.createDirectories(files.resolve("shop/young"));
    Path others = Files.createDirectories(files.resolve("shop/others"));
    Path empty = Files.createDirectories(files.resolve("shop/empty/below"));
    Files.writeString(old.resolve(part), "half");
    Files.writeString(young.resolve(part), "half");
    Files.writeString(others.resolve("what is this"), "?");
    Files.writeString(others.resolve("_lifeboat.tmp"), "?");
    for (Path one : List.of(
        old.resolve(part),
        old,
        others,
        others.resolve("_lifeboat.tmp"),
        empty,
        empty.getParent())) {
      Files.setLastModifiedTime(one, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    }
    server.give(files);
    assertThat(sink.list("")).isEmpty();
    sink.put(NAME, Content.of(new byte[] {1, 2, 3}));
    assertThat(old).doesNotExist();
    assertThat(empty).exists(); // whose it is nobody knows
    assertThat(young.resolve(part)).exists();
    assertThat(others)
        .isDirectoryContaining("glob:**/what*")
        .isDirectoryContaining("glob:**/_life*");
    assertThat(sink.list("")).extracting(StoredObject::name).containsExactly(NAME);
  }

  @Test
  void aPutLeavesNothingButItsObject() throws IOException {
    WebDavSink sink = empty();
    sink.put(NAME, Content.of(new byte[] {1, 2, 3}));
    assertThatThrownBy(() -> sink.put(NAME, Content.of(new byte[5])))
        .hasMessage(root(sink) + ": cannot keep orders/data: kept already, and stays as it was");
    assertThat(count(files(sink))).isEqualTo(3); // itself, the folder, the object
  }

  @Test
  void aSeriesIsKeptProvenThinnedOutAndBroughtBack(@TempDir Path work) throws IOException {
    AtomicReference<String> live = new AtomicReference<>("first");
    WebDavSink sink = empty();
    Backups backups = Backups.builder("shop")
        .source(BytesSource.of(
            "settings",
            () -> live.get().getBytes(StandardCharsets.UTF_8),
            document -> live.set(new String(document, StandardCharsets.UTF_8))))
        .source(BytesSource.of("noise", () -> noise(300_000), noise -> {}).withoutComparison())
        .sink(sink)
        .partSize(64 << 10)
        .retention(RetentionPolicy.keepLast(3))
        .workDirectory(work)
        .build();
    Backup first = backups.create(Reason.MANUAL);
    assertThat(first.state()).isEqualTo(State.COMPLETE);
    for (int i = 0; i < 3; i++) {
      live.set("later " + i);
      backups.create(Reason.MANUAL);
    }
    for (Depth depth : Depth.values()) {
      backups.verify(first.id(), depth);
    }
    backups.restore(RestoreRequest.inPlace(first.id(), "settings"));
    assertThat(live.get()).isEqualTo("first");
    int held = backups.list().size();
    backups.prune();
    assertThat(backups.list()).hasSizeBetween(3, held);
    Backups elsewhere = Backups.builder("shop").sink(server.sink(below(sink))).build();
    assertThat(elsewhere.list()).hasSameSizeAs(backups.list());
    elsewhere.list().forEach(backup -> elsewhere.verify(backup.id(), Depth.CONTENT));
  }

  private String root(BackupSink sink) {
    return server.uri() + below(sink);
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.count();
    }
  }
}
