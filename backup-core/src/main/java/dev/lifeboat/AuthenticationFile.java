package dev.lifeboat;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Authentication;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import dev.lifeboat.sink.Digest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands beside a manifest: the digest of its exact bytes, and what proves who wrote them.
 *
 * @param digest of the manifest
 * @param authentication nothing where it lies in clear
 */
record AuthenticationFile(Digest digest, Authentication authentication) {
  /** The largest one, in bytes. */
  static final int MAX_BYTES = 64 << 10;

  byte[] toBytes() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", 1);
    json.put("size", digest.size());
    json.put("sha256", digest.sha256());
    addTo(json, authentication);
    return Json.write(json);
  }

  /**
   * Reads one.
   *
   * @param name for messages
   * @throws DamagedDataException if it is none
   */
  static AuthenticationFile parse(byte[] bytes, String name) throws DamagedDataException {
    try {
      JsonObject json = Json.parse(bytes);
      if (json.natural("format") != 1) {
        throw new DamagedDataException(
            name + " has an unknown format: needs a newer version of Lifeboat than this");
      }
      return new AuthenticationFile(
          new Digest(json.natural("size"), json.string("sha256")), from(json));
    } catch (MalformedJsonException | IllegalArgumentException e) {
      throw new DamagedDataException(name + " is damaged: " + e.getMessage(), e);
    }
  }

  static void addTo(Map<String, Object> json, Authentication authentication) {
    authentication.mac().ifPresent(mac -> json.put("mac", mac));
    authentication.signature().ifPresent(signature -> json.put("signature", signature));
    authentication.signer().ifPresent(signer -> json.put("signer", signer));
  }

  static Authentication from(JsonObject json) throws MalformedJsonException {
    return new Authentication(
        json.optionalString("mac"),
        json.optionalString("signature"),
        json.optionalString("signer"));
  }
}
