package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A shop whose keys are changed: with an old one, a new one, an office that only reads, and a host that signs. */
abstract class RotationShop extends ShopTest {
  final BackupKey oldKey = BackupKey.generate();
  final BackupKey newKey = BackupKey.generate();
  final Identity office = Identity.generate();
  final KeyPair host = signingKey();
  final List<BackupEvent> events = new CopyOnWriteArrayList<>();
  private int machines;

  static KeyPair signingKey() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  final Encryption old() {
    return Encryption.key(oldKey);
  }

  final Encryption next() {
    return Encryption.key(newKey);
  }

  /** What a host has while it changes its key. */
  final Encryption both() {
    return next().alsoReading(old());
  }

  final Backups host(Encryption encryption) {
    return host(encryption, sink);
  }

  final Backups host(Encryption encryption, BackupSink over) {
    return Backups.builder("shop")
        .source(orders)
        .source(users)
        .sink(over)
        .clock(clock)
        .workDirectory(work())
        .listener(events::add)
        .encryption(encryption)
        .build();
  }

  /** One that has never seen the series, so that nothing comes out of a cache. */
  final Backups stranger(Encryption encryption) {
    return Backups.builder("shop")
        .source(orders)
        .source(users)
        .sink(memory)
        .clock(clock)
        .workDirectory(temp.resolve("machine-" + ++machines))
        .listener(events::add)
        .encryption(encryption)
        .build();
  }

  /** So many backups an hour apart, oldest first, of {@code orders 1}, {@code orders 2} … */
  final List<BackupId> made(Backups backups, int count) {
    List<BackupId> made = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      orders.live = "orders " + i;
      made.add(backups.create(Reason.MANUAL).id());
      clock.advance(Duration.ofHours(1));
    }
    return made;
  }

  /** By a host that has no encryption, elsewhere, and brought here. */
  final BackupId madeInClear() {
    MemorySink elsewhere = new MemorySink("elsewhere", clock);
    BackupId id = made(
            Backups.builder("shop")
                .source(orders)
                .sink(elsewhere)
                .clock(clock)
                .workDirectory(temp.resolve("plain"))
                .build(),
            1)
        .get(0);
    for (StoredObject stored : elsewhere.list("")) {
      if (stored.name().value().contains(id.toString())) {
        plant(stored.name().value(), content(elsewhere, stored.name()));
      }
    }
    return id;
  }

  private static byte[] content(MemorySink sink, ObjectName name) {
    try (InputStream in = sink.open(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static List<BackupId> ids(Backups backups) {
    return backups.list().stream().map(Backup::id).sorted().toList();
  }

  static String content(Backups backups, BackupId id) {
    try (InputStream in = backups.open(id, "orders")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  final byte[] bytes(String object) {
    try (InputStream in = memory.open(ObjectName.of(object))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  final void plant(String object, byte[] content) {
    try {
      memory.put(ObjectName.of(object), Content.of(content));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** All that lies there. */
  final Map<String, String> stored() {
    Map<String, String> stored = new TreeMap<>();
    for (StoredObject object : memory.list("shop/")) {
      stored.put(object.name().value(), new String(bytes(object.name().value()), UTF_8));
    }
    return stored;
  }

  /** The last segments of what lies in a folder. */
  final List<String> folder(BackupId id) {
    return memory.list("shop/" + id + "/").stream()
        .map(object -> object.name().last())
        .toList();
  }

  final List<String> warnings() {
    return events.stream()
        .filter(BackupEvent.Warned.class::isInstance)
        .map(BackupEvent.Warned.class::cast)
        .map(warned -> warned.subject() + ": " + warned.message())
        .toList();
  }

  final BackupEvent.Finished finished() {
    return events.stream()
        .filter(BackupEvent.Finished.class::isInstance)
        .map(BackupEvent.Finished.class::cast)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  final void assertNoWarnings() {
    assertThat(warnings()).isEmpty();
  }
}
