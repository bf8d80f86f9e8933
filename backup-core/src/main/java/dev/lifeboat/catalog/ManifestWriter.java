package dev.lifeboat.catalog;

import dev.lifeboat.json.Json;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.source.Facts;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A manifest as JSON. What tells about the content stands in one member, {@code details}, so that it can be sealed. */
final class ManifestWriter {
  private ManifestWriter() {}

  static byte[] write(Manifest manifest) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", 1);
    json.put("id", manifest.id().toString());
    json.put("series", manifest.series());
    json.put("identity", identity(manifest.identity()));
    json.put("zone", manifest.zone().getId());
    json.put("tookMillis", manifest.took().toMillis());
    json.put("skewMillis", manifest.skew().toMillis());
    json.put("layout", manifest.layout());
    json.put("state", manifest.state().name().toLowerCase(Locale.ROOT));
    manifest.keepUntil().map(Instant::toString).ifPresent(until -> json.put("keepUntil", until));
    manifest.readBackBy().map(Instant::toString).ifPresent(by -> json.put("readBackBy", by));
    json.put(
        "components",
        manifest.components().stream().map(ManifestWriter::component).toList());
    if (manifest.isEncrypted()) {
      json.put("sealed", manifest.sealed().orElseThrow());
    } else {
      manifest
          .details()
          .ifPresent(details -> json.put("details", details(details, manifest.components())));
    }
    manifest.previous().ifPresent(previous -> json.put("previous", previous(previous)));
    manifest.replaces().ifPresent(replaced -> json.put("replaces", replaced.toString()));
    json.put("writer", manifest.writer());
    json.put("critical", manifest.isEncrypted() ? List.of("sealed") : List.of());
    return Json.write(json);
  }

  /** The details alone. */
  static byte[] details(Manifest manifest) {
    return Json.write(details(manifest.details().orElseThrow(), manifest.components()));
  }

  private static Map<String, Object> identity(Identity identity) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("application", identity.application());
    json.put("environment", identity.environment());
    json.put("host", identity.host());
    identity.schemaVersion().ifPresent(version -> json.put("schemaVersion", version));
    return json;
  }

  private static Map<String, Object> component(Component component) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", component.name());
    json.put("type", component.type());
    json.put("codecs", component.codecs());
    json.put("parts", component.parts().stream().map(ManifestWriter::part).toList());
    return json;
  }

  private static Map<String, Object> part(Part part) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", part.name().value());
    json.putAll(digest(part.stored()));
    return json;
  }

  private static Map<String, Object> previous(Manifest.Predecessor previous) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", previous.id().toString());
    json.putAll(digest(previous.digest()));
    return json;
  }

  private static Map<String, Object> digest(Digest digest) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("size", digest.size());
    json.put("sha256", digest.sha256());
    return json;
  }

  private static Map<String, Object> details(Manifest.Details details, List<Component> components) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("by", details.by());
    json.put("note", details.note());
    json.put("tags", new TreeMap<>(details.tags()));
    json.put("doubts", details.doubts());
    Map<String, Object> perComponent = new LinkedHashMap<>();
    components.forEach(component ->
        component.details().ifPresent(d -> perComponent.put(component.name(), details(d))));
    json.put("components", perComponent);
    return json;
  }

  private static Map<String, Object> details(Component.Details details) {
    Map<String, Object> json = new LinkedHashMap<>();
    Optional<Digest> plain = details.plain();
    plain.ifPresent(digest -> json.put("plain", digest(digest)));
    details.missing().ifPresent(why -> json.put("missing", why));
    json.put("facts", facts(details.facts()));
    return json;
  }

  private static Map<String, Object> facts(Facts facts) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("counts", facts.counts());
    json.put("values", facts.values());
    json.put("notes", facts.notes());
    json.put("gaps", facts.gaps());
    return json;
  }
}
