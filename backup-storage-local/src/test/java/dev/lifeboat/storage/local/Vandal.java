package dev.lifeboat.storage.local;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.testkit.Oracle;
import dev.lifeboat.testkit.Oracle.Harm;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Changes objects of backups behind the engine's back, and can make it good again. */
final class Vandal {
  private final BackupSink sink;
  private final Oracle oracle;
  private final boolean sealed;

  /** What was there before; empty if nothing was. */
  private final Map<ObjectName, Optional<byte[]>> before = new LinkedHashMap<>();

  private final Map<ObjectName, BackupId> harmed = new LinkedHashMap<>();

  /**
   * With hands of his own in the store.
   *
   * @param sealed whether backups are encrypted: then he leaves alone what tells their readers more than that it is damaged
   */
  Vandal(BackupSink sink, Oracle oracle, boolean sealed) {
    this.sink = sink;
    this.sealed = sealed;
    this.oracle = oracle;
  }

  /** Flips, cuts, lengthens or drops an object of this backup, or puts one beside them. */
  String harm(BackupId id, Random random) throws IOException {
    if (random.nextInt(8) == 0) {
      ObjectName stray = ObjectName.of("shop/" + id + "/stray." + random.nextInt(1000));
      change(stray, id, Optional.empty(), Optional.of(new byte[] {1}));
      return "put " + stray; // told, and no harm
    }
    List<ObjectName> objects = new ArrayList<>();
    for (StoredObject stored : sink.list("shop/" + id + "/")) {
      objects.add(stored.name());
    }
    ObjectName manifest = ObjectName.of("shop/catalog/" + id + ".json");
    ObjectName authentication = ObjectName.of("shop/catalog/" + id + ".auth");
    objects.addAll(List.of(manifest, authentication));
    if (sealed) {
      objects.remove(authentication);
      objects.removeIf(object -> object.last().equals("keys.json"));
    }
    objects.removeIf(harmed::containsKey);
    if (objects.isEmpty()) {
      return "nothing is left to harm";
    }
    ObjectName object = objects.get(random.nextInt(objects.size()));
    byte[] bytes = read(object);
    int way = random.nextInt(bytes.length == 0 ? 2 : 4);
    // without its manifest it would be what a crashed run leaves, and be swept
    boolean dropped = way == 0 && !object.equals(manifest);
    change(
        object,
        id,
        Optional.of(bytes),
        dropped ? Optional.empty() : Optional.of(changed(bytes, way, random)));
    boolean record = object.equals(manifest) || object.equals(authentication);
    oracle.harm(id, record ? Harm.RECORD : Harm.CONTENT);
    return (dropped
            ? "dropped "
            : List.of("lengthened ", "lengthened ", "flipped ", "cut ").get(way))
        + object;
  }

  /** As they were, all of this backup that are still wanted. */
  void heal(BackupId id) throws IOException {
    for (ObjectName object : List.copyOf(harmed.keySet())) {
      if (id.equals(harmed.get(object))) {
        sink.delete(object);
        Optional<byte[]> bytes = before.getOrDefault(object, Optional.empty());
        if (bytes.isPresent()) {
          sink.put(object, Content.of(bytes.get()));
        }
        forget(object);
      }
    }
    oracle.heal(id);
  }

  void healAll() throws IOException {
    for (BackupId id : oracle.existing()) {
      heal(id);
    }
    harmed.clear(); // of those that were deleted since
    before.clear();
  }

  private void forget(ObjectName object) {
    harmed.remove(object);
    before.remove(object);
  }

  private void change(
      ObjectName object, BackupId id, Optional<byte[]> was, Optional<byte[]> becomes)
      throws IOException {
    before.put(object, was);
    harmed.put(object, id);
    sink.delete(object);
    if (becomes.isPresent()) {
      sink.put(object, Content.of(becomes.get()));
    }
  }

  private byte[] read(ObjectName object) throws IOException {
    try (InputStream in = sink.open(object)) {
      return in.readAllBytes();
    }
  }

  private static byte[] changed(byte[] bytes, int way, Random random) {
    return switch (way) {
      case 2 -> {
        byte[] flipped = bytes.clone();
        flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 3 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
      default -> {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
        Arrays.fill(longer, bytes.length, longer.length, (byte) 'x');
        yield longer;
      }
    };
  }
}
