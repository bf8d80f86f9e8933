package dev.lifeboat.crypto;

import java.util.LinkedHashMap;
import java.util.Map;

/** The data key for one reader, as it lies in {@code keys.json}. Bytes are in base64. */
sealed interface Slot {
  /** For people: the kind, and the id of the reader if it has one. */
  String name();

  /** Its members. */
  Map<String, Object> members();

  /** For who knows a passphrase. */
  record OfPassphrase(String salt, Cost cost, String wrapped) implements Slot {
    @Override
    public String name() {
      return "passphrase";
    }

    @Override
    public Map<String, Object> members() {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("type", "passphrase");
      members.put("kdf", "argon2id");
      members.put("salt", salt);
      members.put("memoryKiB", cost.memoryKiB());
      members.put("passes", cost.passes());
      members.put("lanes", cost.lanes());
      members.put("wrapped", wrapped);
      return members;
    }
  }

  /** For who has a key. */
  record OfKey(String key, String wrapped) implements Slot {
    @Override
    public String name() {
      return "key " + key;
    }

    @Override
    public Map<String, Object> members() {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("type", "key");
      members.put("key", key);
      members.put("wrapped", wrapped);
      return members;
    }
  }

  /** For who has an identity. */
  record OfRecipient(String recipient, String enc, String wrapped) implements Slot {
    @Override
    public String name() {
      return "recipient " + recipient;
    }

    @Override
    public Map<String, Object> members() {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("type", "x25519");
      members.put("recipient", recipient);
      members.put("enc", enc);
      members.put("wrapped", wrapped);
      return members;
    }
  }

  /** For who may ask a service. */
  record OfService(String by, String wrapped) implements Slot {
    @Override
    public String name() {
      return "service " + by;
    }

    @Override
    public Map<String, Object> members() {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("type", "wrap");
      members.put("by", by);
      members.put("wrapped", wrapped);
      return members;
    }
  }

  /** For a newer version. */
  record Unknown() implements Slot {
    @Override
    public String name() {
      return "one of an unknown kind";
    }

    @Override
    public Map<String, Object> members() {
      throw new IllegalStateException("slots of unknown kinds are not written");
    }
  }
}
