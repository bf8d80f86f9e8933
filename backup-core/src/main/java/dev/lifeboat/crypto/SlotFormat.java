package dev.lifeboat.crypto;

import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import java.util.regex.Pattern;

/** Reads slots, and refuses what no slot can hold before anything is computed with it. */
final class SlotFormat {
  /** How the name of a key service looks. */
  static final Pattern SERVICE = Pattern.compile("[ -~]{1,200}");

  /** The most bytes that a key service may make of a data key. */
  static final int MOST_WRAPPED = 4096;

  private static final int LEAST_SALT = 16;
  private static final int MOST_SALT = 64;

  private SlotFormat() {}

  static Slot read(JsonObject slot) throws MalformedJsonException {
    return switch (slot.string("type")) {
      case "passphrase" -> passphrase(slot);
      case "key" ->
        new Slot.OfKey(matching(slot, "key", Fingerprint.ID), bytes(slot, "wrapped", run(), run()));
      case "x25519" ->
        new Slot.OfRecipient(
            matching(slot, "recipient", Fingerprint.ID),
            bytes(slot, "enc", Hpke.ENC, Hpke.ENC),
            bytes(slot, "wrapped", DataKey.LENGTH + Hpke.TAG, DataKey.LENGTH + Hpke.TAG));
      case "wrap" ->
        new Slot.OfService(matching(slot, "by", SERVICE), bytes(slot, "wrapped", 1, MOST_WRAPPED));
      default -> new Slot.Unknown();
    };
  }

  private static Slot passphrase(JsonObject slot) throws MalformedJsonException {
    if (!slot.string("kdf").equals("argon2id")) {
      return new Slot.Unknown();
    }
    String salt = bytes(slot, "salt", LEAST_SALT, MOST_SALT);
    Cost cost = new Cost(slot.number("memoryKiB"), slot.number("passes"), slot.number("lanes"));
    if (!cost.isReadable()) {
      throw new MalformedJsonException(
          slot.path() + "memoryKiB, passes or lanes are beyond their bounds");
    }
    return new Slot.OfPassphrase(salt, cost, bytes(slot, "wrapped", run(), run()));
  }

  private static int run() {
    return FloeRun.length(DataKey.LENGTH);
  }

  private static String matching(JsonObject slot, String name, Pattern pattern)
      throws MalformedJsonException {
    String text = slot.string(name);
    if (!pattern.matcher(text).matches()) {
      throw new MalformedJsonException(slot.path() + name + " must match " + pattern);
    }
    return text;
  }

  private static String bytes(JsonObject slot, String name, int least, int most)
      throws MalformedJsonException {
    String text = slot.string(name);
    int length;
    try {
      length = Base64Text.bytes(text).length;
    } catch (IllegalArgumentException e) {
      length = -1;
    }
    if (length < least || length > most) {
      throw new MalformedJsonException(slot.path() + name + " must be base64 of "
          + (least == most ? "" : least + " to ") + most + " bytes");
    }
    return text;
  }
}
