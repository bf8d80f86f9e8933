package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What became known of a backup after it was made: a write-once object beside its manifest. It names its series, backup
 * and kind itself, so that one moved or swapped is found.
 *
 * @param backup whom it is about
 * @param series its series
 * @param kind what it says
 * @param at when it was set
 * @param by who set it; may be empty
 * @param why for people; may be empty
 * @param proof what was proven, for a proof
 */
record Mark(
    BackupId backup,
    String series,
    Kind kind,
    Instant at,
    String by,
    String why,
    Optional<Proof> proof) {
  /** A mark must stay far below its bound, or it could be written and never read. */
  Mark {
    by = shortened(by, MAX_TEXT);
    why = shortened(why, MAX_TEXT);
  }

  /** The same in so few words that it can be sealed for as many recipients as there may be. */
  Mark brief() {
    return new Mark(
        backup, series, kind, at, shortened(by, BRIEF_TEXT), shortened(why, BRIEF_TEXT), proof);
  }

  private static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }

  /** What a mark says. */
  enum Kind {
    PIN,
    PROOF,
    DAMAGE,
    /** A tombstone: the backup was deleted, and one of its id that shows up later is a replay. */
    DELETED;

    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Kind> of(String id) {
      for (Kind kind : values()) {
        if (kind.id().equals(id)) {
          return Optional.of(kind);
        }
      }
      return Optional.empty();
    }
  }

  private static final int MAX_TEXT = 2000;
  private static final int BRIEF_TEXT = 100;

  /** The largest mark, in bytes. */
  static final int MAX_BYTES = 64 << 10;

  static Mark of(Kind kind, BackupId backup, String series, Instant at, String by, String why) {
    return new Mark(backup, series, kind, at, by, why, Optional.empty());
  }

  static Mark of(Proof proof, BackupId backup, String series, String by) {
    return new Mark(backup, series, Kind.PROOF, proof.at(), by, "", Optional.of(proof));
  }

  Pin toPin() {
    return new Pin(at, by, why);
  }

  /** Its text, without what tells who set it and why where that is sealed. */
  Map<String, Object> members(boolean inClear) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("backup", backup.toString());
    members.put("series", series);
    members.put("kind", kind.id());
    members.put("at", at.toString());
    if (inClear) {
      members.putAll(details());
    }
    proof.ifPresent(p -> {
      members.put("depth", p.depth().name().toLowerCase(Locale.ROOT));
      members.put("sink", p.sink());
      members.put("tookMillis", p.took().toMillis());
    });
    return members;
  }

  /** Who set it, and why. */
  Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("by", by);
    details.put("why", why);
    return details;
  }

  /** The same with what was sealed. */
  Mark with(JsonObject details) throws MalformedJsonException {
    return new Mark(backup, series, kind, at, details.string("by"), details.string("why"), proof);
  }

  /** Reads its text; who set it and why are empty where they are sealed. */
  static Mark read(JsonObject json, Kind kind) throws MalformedJsonException, DamagedDataException {
    if (!json.string("kind").equals(kind.id())) {
      throw new DamagedDataException(
          "it is a " + Text.printable(json.string("kind")) + " under the name of a " + kind.id());
    }
    Instant at = Instant.parse(json.string("at"));
    Optional<Proof> proof = Optional.empty();
    if (kind == Kind.PROOF) {
      Depth depth = Depth.valueOf(json.string("depth").toUpperCase(Locale.ROOT));
      proof = Optional.of(
          new Proof(at, depth, json.string("sink"), Duration.ofMillis(json.natural("tookMillis"))));
    }
    return new Mark(
        BackupId.parse(json.string("backup")),
        json.string("series"),
        kind,
        at,
        json.optionalString("by").orElse(""),
        json.optionalString("why").orElse(""),
        proof);
  }
}
