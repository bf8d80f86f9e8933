package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What somebody with access to the store, and none of the secrets, can write there. */
final class Forger {
  private Forger() {}

  /** What authenticates another manifest: its digest, with the MAC and the signature of the first. */
  static byte[] withDigestOf(byte[] manifest, byte[] authentication) {
    Digest digest = Digest.of(manifest);
    return edited(
        authentication, Map.of("size", digest.size(), "sha256", digest.sha256()), List.of());
  }

  /** With these members, and without those. */
  static byte[] edited(byte[] json, Map<String, ?> put, List<String> without) {
    Map<String, Object> members = members(json);
    members.putAll(put);
    without.forEach(members::remove);
    return Json.write(members);
  }

  /** The members of a flat object. */
  static Map<String, Object> members(byte[] json) {
    try {
      JsonObject object = Json.parse(json);
      Map<String, Object> members = new LinkedHashMap<>();
      for (String name :
          List.of("format", "size", "mark", "keys", "sha256", "mac", "signature", "signer")) {
        if (object.has(name)) {
          members.put(
              name,
              name.equals("format") || name.equals("size")
                  ? (Object) object.natural(name)
                  : object.string(name));
        }
      }
      return members;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
