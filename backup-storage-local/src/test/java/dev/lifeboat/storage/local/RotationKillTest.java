package dev.lifeboat.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.storage.local.MortalSink.Moment;
import dev.lifeboat.testkit.FaultCount;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.FaultySink.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that changes the keys of a series dies at random calls of its directory, as by kill -9. */
@Tag("harness")
class RotationKillTest {
  private static final long SEED = 20260214;
  private static final int KILLS =
      Integer.getInteger("rotation.kills", 4) * Integer.getInteger("loops", 1);
  private static final int KILLED = 137;
  private static final List<Moment> MOMENTS = List.of(Moment.BEFORE, Moment.MIDDLE, Moment.AFTER);
  private static final List<String> CONTENTS = List.of("first ".repeat(20_000), "second");

  @TempDir
  Path temp;

  private final BackupKey oldKey = BackupKey.generate();
  private final BackupKey newKey = BackupKey.generate();

  /** The process: where it works, how it changes keys, and at which call it dies. */
  public static void main(String[] args) throws IOException {
    Path home = Path.of(args[0]);
    Encryption next = Encryption.key(BackupKey.file(home.resolve("new.key")));
    Encryption both = next.alsoReading(Encryption.key(BackupKey.file(home.resolve("old.key"))));
    MortalSink sink = MortalSink.killing(LocalSink.in(home.resolve("sink")));
    sink.dieAt(Integer.parseInt(args[2]), Moment.valueOf(args[3]));
    change(args[1], series(home, "work", sink, both), next);
  }

  private static void change(String way, Backups backups, Encryption next) {
    if (way.equals("rewrap")) {
      backups.rewrap(next);
    } else {
      backups.reencrypt();
    }
  }

  private static Backups series(Path home, String work, BackupSink sink, Encryption encryption) {
    Path live = home.resolve("live");
    return Backups.builder("shop")
        .source(BytesSource.of(
            "orders", () -> Files.readAllBytes(live), bytes -> Files.write(live, bytes)))
        .sink(sink)
        .partSize(64 << 10)
        .workDirectory(home.resolve(work))
        .encryption(encryption)
        .build();
  }

  private Encryption old() {
    return Encryption.key(oldKey);
  }

  private Encryption next() {
    return Encryption.key(newKey);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rewrap", "reencrypt"})
  void killedAnywhereNothingIsLostAndTheNextCallGoesOn(String way) throws Exception {
    Path dry = home("dry-" + way);
    FaultySink counting = FaultySink.over(LocalSink.in(dry.resolve("sink")));
    change(way, series(dry, "work", counting, next().alsoReading(old())), next());
    assertDone(dry);
    int calls = Stream.of(Call.values()).mapToInt(counting::calls).sum();
    Random random = new Random(SEED + way.hashCode());
    int killed = 0;
    for (int i = 0; i < KILLS; i++) {
      int nth = 1 + random.nextInt(calls);
      Moment moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
      Path home = home(way + "-" + i);
      try {
        int status = run(home, way, nth, moment);
        assertThat(status).isIn(0, KILLED);
        killed += status == KILLED ? 1 : 0;
        assertNothingIsLost(home);
        Backups again =
            series(home, "work", LocalSink.in(home.resolve("sink")), next().alsoReading(old()));
        change(way, again, next());
        assertDone(home);
      } catch (Exception | AssertionError e) {
        throw new AssertionError(
            way + ", seed " + SEED + ", kill " + i + " " + moment + " of call " + nth + ": " + e,
            e);
      }
    }
    FaultCount.tried(RotationKillTest.class, "a process is killed in " + way, killed);
  }

  /** Two backups, the older one pinned, and the tombstone of a third. */
  private Path home(String name) throws IOException {
    Path home = Files.createDirectories(temp.resolve(name));
    oldKey.writeTo(home.resolve("old.key"));
    newKey.writeTo(home.resolve("new.key"));
    Backups backups = series(home, "work", LocalSink.in(home.resolve("sink")), old());
    Files.writeString(home.resolve("live"), "gone");
    BackupId gone = backups.create(Reason.MANUAL).id();
    List<BackupId> made = new ArrayList<>();
    for (String content : CONTENTS) {
      Files.writeString(home.resolve("live"), content);
      made.add(backups.create(Reason.MANUAL).id());
    }
    backups.pin(made.get(0), "for the audit");
    backups.forceDelete(gone, "not needed any more");
    return home;
  }

  private static int run(Path home, String way, int nth, Moment moment) throws Exception {
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
            "-cp",
            System.getProperty("java.class.path"),
            RotationKillTest.class.getName(),
            home.toString(),
            way,
            Integer.toString(nth),
            moment.toString())
        .inheritIO()
        .start();
    if (!process.waitFor(5, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("the process does not end");
    }
    return process.exitValue();
  }

  private void assertNothingIsLost(Path home) throws IOException {
    assertContents(home, "after", next().alsoReading(old()), 2, 4);
  }

  private void assertDone(Path home) throws IOException {
    Backups reader = assertContents(home, "new", next(), 2, 2);
    for (Backup backup : reader.list()) {
      reader.verify(backup.id(), Depth.CONTENT);
    }
    assertThat(series(home, "old", LocalSink.in(home.resolve("sink")), old()).list())
        .extracting(Backup::state)
        .containsOnly(State.UNTRUSTED);
  }

  /** On a machine that has seen nothing of it. */
  private static Backups assertContents(
      Path home, String machine, Encryption encryption, int least, int most) throws IOException {
    Backups reader = series(home, machine, LocalSink.in(home.resolve("sink")), encryption);
    List<Backup> listed = reader.list();
    assertThat(listed).hasSizeBetween(least, most);
    TreeSet<String> found = new TreeSet<>();
    TreeSet<String> pinned = new TreeSet<>();
    for (Backup backup : listed) {
      assertThat(backup.state()).as(backup.toString()).isEqualTo(State.COMPLETE);
      try (InputStream in = reader.open(backup.id(), "orders")) {
        String content = new String(in.readAllBytes(), UTF_8);
        found.add(content);
        if (backup.isPinned()) {
          pinned.add(content);
        }
      }
    }
    assertThat(found).containsExactlyElementsOf(new TreeSet<>(CONTENTS));
    assertThat(pinned).containsExactly(CONTENTS.get(0));
    return reader;
  }
}
