package dev.lifeboat;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.FaultySink;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A shop with three papers, a sink, a clock and a log of all that happens. */
abstract class ShopTest {
  @TempDir
  Path temp;

  final List<String> log = Collections.synchronizedList(new ArrayList<>());
  final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
  final MemorySink memory = new MemorySink("shelf", clock);
  final FaultySink sink = FaultySink.over(memory);
  final Paper orders = new Paper("orders", "orders 1", log);
  final Paper users = new Paper("users", "users 1", log);
  final Paper notes = new Paper("notes", "notes 1", log);

  Path work() {
    return temp.resolve("work");
  }

  Backups.Builder bare() {
    return Backups.builder("shop").sink(sink).workDirectory(work()).clock(clock);
  }

  Backups.Builder shop() {
    return bare().source(orders).source(users).source(notes);
  }

  /** A gate that notes its calls. */
  Gate gate(String name) {
    return Gate.of(() -> log.add(name + " shut"), () -> log.add(name + " reopened"));
  }

  /** A backup of the first state; afterwards the second one is live, and the log is empty. */
  BackupId backedUp(Backups backups) {
    Backup backup = backups.create(Reason.MANUAL);
    orders.live = "orders 2";
    users.live = "users 2";
    notes.live = "notes 2";
    log.clear();
    return backup.id();
  }

  /** What is live, all of it. */
  String live() {
    return orders.live + ", " + users.live + ", " + notes.live;
  }

  static BackupException failure(Executable verb) {
    return assertThrows(BackupException.class, verb);
  }

  /** Files below a directory; nothing if it is not there. */
  static List<Path> files(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      return tree.filter(path -> !path.equals(directory)).sorted().toList();
    }
  }

  /** What must not be there between two verbs. */
  List<Path> litter() throws IOException {
    List<Path> litter = new ArrayList<>(files(work().resolve("scratch")));
    litter.addAll(files(work().resolve("staging")));
    litter.addAll(files(work().resolve("begun")));
    files(work()).stream()
        .filter(file -> file.toString().endsWith(".part") || file.endsWith("owner.json"))
        .forEach(litter::add);
    return litter;
  }

  List<String> objects() throws IOException {
    return memory.list("").stream()
        .map(StoredObject::name)
        .map(Object::toString)
        .toList();
  }
}
