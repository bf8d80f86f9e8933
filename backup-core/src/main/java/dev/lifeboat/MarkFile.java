package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Authentication;
import dev.lifeboat.crypto.SealedFor;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A mark as it is stored: its text with the digest of that, and what proves who wrote it.
 *
 * @param mark what the text says; who set it and why are empty where they are sealed
 * @param text whose bytes in UTF-8 are authenticated
 * @param sealed who set it and why, for whoever opens the backup
 * @param sealedFor the same for recipients, where its writer could not open the backup
 * @param authentication what proves its writer
 * @param keys of a tombstone: the backup's keys, for when the backup is gone
 */
record MarkFile(
    Mark mark,
    String text,
    Optional<String> sealed,
    List<SealedFor> sealedFor,
    Authentication authentication,
    Optional<String> keys) {

  /** A mark's text in its envelope. */
  static byte[] write(byte[] text, Authentication authentication, Optional<byte[]> keys) {
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("format", 1);
    envelope.put("mark", new String(text, StandardCharsets.UTF_8));
    envelope.put("sha256", Digest.of(text).sha256());
    AuthenticationFile.addTo(envelope, authentication);
    keys.ifPresent(k -> envelope.put("keys", new String(k, StandardCharsets.UTF_8)));
    return Json.write(envelope);
  }

  /**
   * Reads one.
   *
   * @throws DamagedDataException if it is none, or another than its place says
   */
  static MarkFile parse(byte[] bytes, BackupId backup, String series, Mark.Kind kind)
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
      JsonObject json = Json.parse(text);
      Mark mark = Mark.read(json, kind);
      if (!mark.backup().equals(backup) || !mark.series().equals(series)) {
        throw new DamagedDataException(
            "it speaks of " + Text.printable(mark.series()) + "/" + mark.backup());
      }
      return new MarkFile(
          mark,
          envelope.string("mark"),
          json.optionalString("sealed"),
          sealedFor(json),
          AuthenticationFile.from(envelope),
          envelope.optionalString("keys"));
    } catch (DamagedDataException e) {
      throw e;
    } catch (IOException | IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new DamagedDataException("not a mark: " + Words.of(e)); // its own words quote the mark
    }
  }

  private static List<SealedFor> sealedFor(JsonObject json) throws MalformedJsonException {
    List<SealedFor> sealed = new ArrayList<>();
    if (json.has("sealedFor")) {
      for (JsonObject one : json.objects("sealedFor")) {
        sealed.add(
            new SealedFor(one.string("recipient"), one.string("enc"), one.string("wrapped")));
      }
    }
    return sealed;
  }
}
