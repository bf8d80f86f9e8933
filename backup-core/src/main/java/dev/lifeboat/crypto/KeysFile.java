package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A {@code keys.json}.
 *
 * @param keys the text that the MAC is over
 * @param mac in hexadecimal
 */
record KeysFile(Place place, List<Slot> slots, String keys, String mac) {
  static final int MOST_SLOTS = 16;

  private static final int FORMAT = 1;
  private static final int LARGEST = 64 << 10;
  private static final int MOST_COSTLY = 4;

  KeysFile {
    slots = List.copyOf(slots);
  }

  /** One for these slots. */
  static KeysFile of(DataKey dataKey, List<Slot> slots) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("series", dataKey.place().series());
    keys.put("backup", dataKey.place().backup());
    keys.put("slots", slots.stream().map(Slot::members).toList());
    String text = new String(Json.write(keys), UTF_8);
    return new KeysFile(dataKey.place(), slots, text, dataKey.macOfKeys(text.getBytes(UTF_8)));
  }

  byte[] write() {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("format", FORMAT);
    file.put("keys", keys);
    file.put("mac", mac);
    byte[] bytes = Json.write(file);
    if (bytes.length > LARGEST) {
      throw new IllegalStateException("keys.json would be larger than " + LARGEST + " bytes");
    }
    return bytes;
  }

  /**
   * Reads one, without opening any slot. Costs little, whatever it is.
   *
   * @throws WrongKeyException if it is of a newer format
   * @throws DamagedDataException if it is not a {@code keys.json}, or that of another backup
   */
  static KeysFile parse(byte[] bytes, Place place) throws WrongKeyException, DamagedDataException {
    if (bytes.length > LARGEST) {
      throw new DamagedDataException("keys.json is larger than " + LARGEST + " bytes");
    }
    try {
      JsonObject file = Json.parse(bytes);
      long format = file.natural("format");
      if (format > FORMAT) {
        throw WrongKeyException.newer("keys.json has format " + format
            + ", this version reads format " + FORMAT + ": it needs a newer version of Lifeboat");
      } else if (format < FORMAT) {
        throw new MalformedJsonException("format must be at least " + FORMAT);
      }
      String mac = file.string("mac");
      if (!DataKey.MAC.matcher(mac).matches()) {
        throw new MalformedJsonException("mac must be 64 lower-case hexadecimal digits");
      }
      String keys = file.string("keys");
      return new KeysFile(place, slots(Json.parse(keys.getBytes(UTF_8)), place), keys, mac);
    } catch (MalformedJsonException e) {
      throw new DamagedDataException("keys.json is not as it must be: " + e.getMessage(), e);
    }
  }

  /** Whether the MAC proves it. */
  boolean isProvenBy(DataKey dataKey) {
    return DataKey.isSameMac(mac, dataKey.macOfKeys(keys.getBytes(UTF_8)));
  }

  boolean hasUnknown() {
    return slots.stream().anyMatch(Slot.Unknown.class::isInstance);
  }

  /** For people: which slots there are. */
  String names() {
    return slots.stream().map(Slot::name).distinct().collect(Collectors.joining(", "));
  }

  private static List<Slot> slots(JsonObject keys, Place place)
      throws MalformedJsonException, DamagedDataException {
    if (!keys.string("series").equals(place.series())
        || !keys.string("backup").equals(place.backup())) {
      throw new DamagedDataException("keys.json belongs to another backup than " + place.name());
    }
    List<JsonObject> objects = keys.objects("slots");
    if (objects.isEmpty() || objects.size() > MOST_SLOTS) {
      throw new MalformedJsonException(
          "slots must be 1 to " + MOST_SLOTS + ", there are " + objects.size());
    }
    List<Slot> slots = new ArrayList<>();
    for (JsonObject object : objects) {
      slots.add(SlotFormat.read(object));
    }
    long costly = slots.stream()
        .filter(Slot.OfPassphrase.class::isInstance)
        .map(Slot.OfPassphrase.class::cast)
        .map(slot -> slot.salt() + " " + slot.cost())
        .distinct()
        .count();
    if (costly > MOST_COSTLY) {
      throw new MalformedJsonException("the passphrase slots have " + costly
          + " different salts and costs, at most " + MOST_COSTLY + " are allowed");
    }
    return slots;
  }
}
