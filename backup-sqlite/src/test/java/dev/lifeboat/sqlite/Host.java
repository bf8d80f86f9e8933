package dev.lifeboat.sqlite;

import dev.lifeboat.BackupException;
import dev.lifeboat.Backups;
import dev.lifeboat.Gate;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.retention.RetentionPolicy;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.storage.local.LocalSink;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** An application with a live database that uses the whole library; also as a process of its own, which can be killed. */
record Host(Path home) {
  /** What the process is told to do, beside the verbs: all of them, over and over, as this seed has it. */
  static final String ANYTHING = "anything";

  /** It is up and waits for its order. */
  static final String READY = "ready";

  /** It has done what it was told. */
  static final String DONE = "done";

  /** Encrypted, so that the keys are one more thing that a kill may fall upon. */
  private static final Encryption ENCRYPTION = Encryption.key(
      BackupKey.ofBase64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=".toCharArray()));

  Path database() {
    return home.resolve("data").resolve("shop.db");
  }

  Path sink() {
    return home.resolve("backups");
  }

  Path work() {
    return home.resolve("work");
  }

  /** As after a start of the application: nothing is remembered but what lies on the disk. Nobody is waited for. */
  Backups backups() {
    return over(SqliteSource.of("orders", database()), LocalSink.in(sink())).build();
  }

  Backups.Builder over(BackupSource source, BackupSink sink) {
    return Backups.builder("shop")
        .source(source)
        .sink(sink)
        .partSize(64 << 10)
        .encryption(ENCRYPTION)
        .retention(RetentionPolicy.keepLast(3))
        .workDirectory(work())
        .patience(Duration.ZERO);
  }

  /** The home, the reef, and then by its input the order: a verb and a backup, or {@link #ANYTHING} and a seed. */
  public static void main(String[] arguments) throws Exception {
    Host host = new Host(Path.of(arguments[0]));
    Reefs reefs = new Reefs(arguments[1]);
    Backups backups = host.over(
            new ReefSource(SqliteSource.of("orders", host.database()), reefs),
            new ReefSink(LocalSink.in(host.sink()), reefs))
        .quiesce(Gate.of(() -> reefs.before("shut"), () -> reefs.before("reopen")))
        .maintenance(Gate.of(() -> reefs.before("shut"), () -> reefs.before("reopen")))
        .listener(reefs::on)
        .build();
    OneLibrary.require(); // takes a while, and is not what is to be cut short
    System.out.println(READY);
    String order =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    try {
      follow(backups, order.split(" ", -1));
      reefs.passed().forEach(point -> System.out.println("passed " + point));
      System.out.println(DONE);
    } catch (BackupException e) {
      System.out.println("failed " + e.kind() + " " + e.getMessage());
      e.printStackTrace();
    }
  }

  private static void follow(Backups backups, String[] order) throws IOException {
    if (!order[0].equals(ANYTHING)) {
      act(backups, order[0], BackupId.parse(order[1]));
      return;
    }
    SplittableRandom random = new SplittableRandom(Long.parseLong(order[1]));
    while (true) {
      List<Backup> listed = backups.list();
      String verb = List.of("create", "verify", "restore", "prune").get(random.nextInt(4));
      act(backups, verb, listed.get(random.nextInt(listed.size())).id());
    }
  }

  private static void act(Backups backups, String verb, BackupId id) {
    switch (verb) {
      case "create" ->
        System.out.println("made " + backups.create(Reason.MANUAL).id());
      case "verify" -> backups.verify(id, Depth.CONTENT);
      case "drill" -> backups.verify(id, Depth.DRILL);
      case "restore" -> {
        System.out.println("restoring " + id);
        backups.restore(id).before().ifPresent(before -> System.out.println("made " + before.id()));
        System.out.println("restored " + id);
      }
      case "prune" -> {
        RetentionPlan plan = backups.planPrune();
        System.out.println("letting-go "
            + plan.removed().stream()
                .map(decision -> decision.backup().id().toString())
                .collect(Collectors.joining(" ")));
        backups.prune(plan);
      }
      default -> throw new IllegalArgumentException(verb);
    }
  }
}
