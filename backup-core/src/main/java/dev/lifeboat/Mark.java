package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What became known of a backup after it was made: a write-once object beside its manifest. It names its series, backup
 * and kind itself and carries the digest of its own text, so that one moved, swapped or changed is found.
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
    by = shortened(by);
    why = shortened(why);
  }

  private static String shortened(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
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

  byte[] toBytes() {
    Map<String, Object> mark = new LinkedHashMap<>();
    mark.put("backup", backup.toString());
    mark.put("series", series);
    mark.put("kind", kind.id());
    mark.put("at", at.toString());
    mark.put("by", by);
    mark.put("why", why);
    proof.ifPresent(p -> {
      mark.put("depth", p.depth().name().toLowerCase(Locale.ROOT));
      mark.put("sink", p.sink());
      mark.put("tookMillis", p.took().toMillis());
    });
    String text = new String(Json.write(mark), StandardCharsets.UTF_8);
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("format", 1);
    envelope.put("mark", text);
    envelope.put("sha256", Digest.of(text.getBytes(StandardCharsets.UTF_8)).sha256());
    return Json.write(envelope);
  }

  /**
   * Reads one.
   *
   * @throws DamagedDataException if it is none, or another than its place says
   */
  static Mark parse(byte[] bytes, BackupId backup, String series, Kind kind)
      throws DamagedDataException {
    try {
      JsonObject envelope = Json.parse(bytes);
      if (envelope.natural("format") != 1) {
        throw new DamagedDataException(
            "a mark of an unknown format: needs a newer version of Lifeboat than this");
      }
      byte[] text = envelope.string("mark").getBytes(StandardCharsets.UTF_8);
      if (!Digest.of(text).sha256().equals(envelope.string("sha256"))) {
        throw new DamagedDataException("its text does not match its digest");
      }
      Mark mark = read(Json.parse(text), kind);
      if (!mark.backup.equals(backup) || !mark.series.equals(series)) {
        throw new DamagedDataException(
            "it speaks of " + Text.printable(mark.series) + "/" + mark.backup);
      }
      return mark;
    } catch (DamagedDataException e) {
      throw e;
    } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new DamagedDataException("not a mark: " + Words.of(e)); // its own words quote the mark
    }
  }

  private static Mark read(JsonObject json, Kind kind)
      throws MalformedJsonException, DamagedDataException {
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
        json.string("by"),
        json.string("why"),
        proof);
  }
}
