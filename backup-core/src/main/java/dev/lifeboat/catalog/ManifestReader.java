package dev.lifeboat.catalog;

import dev.lifeboat.json.Json;
import dev.lifeboat.json.JsonObject;
import dev.lifeboat.json.MalformedJsonException;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.source.Facts;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads manifests of format 1, and says of any other what it needs. */
final class ManifestReader {
  private static final long FORMAT = 1;
  private static final long MAX_PART = 1 << 30;
  private static final Set<String> KNOWN = Set.of(
      "format",
      "id",
      "series",
      "identity",
      "zone",
      "tookMillis",
      "skewMillis",
      "layout",
      "state",
      "keepUntil",
      "readBackBy",
      "components",
      "details",
      "sealed",
      "previous",
      "replaces",
      "writer",
      "critical");

  private ManifestReader() {}

  static Manifest read(byte[] bytes) throws FormatException {
    if (bytes.length > Manifest.MAX_BYTES) {
      throw FormatException.malformed(
          "a manifest of " + bytes.length + " bytes; it may have 16 MiB at most", null);
    }
    try {
      JsonObject json = Json.parse(bytes);
      requireKnown(json);
      return manifest(json);
    } catch (MalformedJsonException e) {
      if (e.isTooLargeHere()) {
        throw FormatException.newer("a manifest of " + e.getMessage());
      }
      throw FormatException.malformed("not a manifest: " + e.getMessage(), e);
    } catch (IllegalArgumentException e) {
      throw FormatException.malformed("not a manifest: " + e.getMessage(), e);
    }
  }

  private static void requireKnown(JsonObject json) throws MalformedJsonException, FormatException {
    long format = json.natural("format");
    if (format < FORMAT) {
      throw new MalformedJsonException("format must be at least 1");
    } else if (format > FORMAT) {
      String writer =
          json.has("writer") ? ", written by " + Text.printable(json.string("writer")) : "";
      throw FormatException.newer(
          "manifest format " + format + writer + ": needs a newer version of Lifeboat than this");
    }
    for (String critical : json.strings("critical")) {
      if (!KNOWN.contains(critical)) {
        throw FormatException.newer("the manifest cannot be understood without "
            + Text.quoted(critical) + ": needs a newer version of Lifeboat than this");
      }
    }
    String layout = json.string("layout");
    if (!layout.equals("parts")) {
      throw FormatException.newer("the layout " + Text.quoted(layout)
          + " is not known: needs a newer version of Lifeboat than this");
    }
  }

  private static Manifest manifest(JsonObject json) throws MalformedJsonException {
    Optional<JsonObject> details = json.optionalObject("details");
    Optional<String> sealed = json.optionalString("sealed");
    if (details.isPresent() == sealed.isPresent()) {
      throw new MalformedJsonException("either details or sealed must be there");
    }
    Optional<JsonObject> previous = json.optionalObject("previous");
    Optional<BackupId> replaces = json.optionalString("replaces").map(BackupId::parse);
    BackupId id = BackupId.parse(json.string("id"));
    if (replaces.filter(id::equals).isPresent()) {
      throw new MalformedJsonException("it replaces itself");
    }
    String series = Names.require("series", json.string("series"));
    return new Manifest(
        id,
        series,
        identity(json.object("identity")),
        zone(json.string("zone")),
        Duration.ofMillis(json.natural("tookMillis")),
        Duration.ofMillis(json.natural("skewMillis")),
        json.string("layout"),
        state(json.string("state")),
        instant(json, "keepUntil"),
        instant(json, "readBackBy"),
        components(json, series + "/" + id + "/", details),
        details.isPresent() ? Optional.of(details(details.get())) : Optional.empty(),
        sealed,
        previous.isPresent() ? Optional.of(predecessor(previous.get())) : Optional.empty(),
        replaces,
        json.string("writer"));
  }

  private static ZoneId zone(String text) throws MalformedJsonException {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new MalformedJsonException("zone is not known here: " + Text.quoted(text));
    }
  }

  private static Optional<Instant> instant(JsonObject json, String member)
      throws MalformedJsonException {
    Optional<String> text = json.optionalString(member);
    try {
      return text.map(Instant::parse);
    } catch (DateTimeException e) {
      throw new MalformedJsonException(
          member + " must be a time, was " + Text.quoted(text.orElseThrow()));
    }
  }

  private static State state(String text) throws MalformedJsonException {
    return switch (text) {
      case "complete" -> State.COMPLETE;
      case "suspect" -> State.SUSPECT;
      case "incomplete" -> State.INCOMPLETE;
      default -> throw new MalformedJsonException("state must be complete, suspect or incomplete");
    };
  }

  private static Identity identity(JsonObject json) throws MalformedJsonException {
    return new Identity(
        json.string("application"),
        json.string("environment"),
        json.string("host"),
        json.optionalString("schemaVersion"));
  }

  private static Manifest.Predecessor predecessor(JsonObject json) throws MalformedJsonException {
    return new Manifest.Predecessor(BackupId.parse(json.string("id")), digest(json));
  }

  private static Manifest.Details details(JsonObject json) throws MalformedJsonException {
    return new Manifest.Details(
        json.string("by"),
        json.string("note"),
        json.object("tags").stringMembers(),
        json.strings("doubts"));
  }

  private static List<Component> components(
      JsonObject json, String folder, Optional<JsonObject> details) throws MalformedJsonException {
    List<Component> components = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<ObjectName> objects = new HashSet<>();
    for (JsonObject element : json.objects("components")) {
      String name = Names.require("component", element.string("name"));
      if (!names.add(name)) {
        throw new MalformedJsonException(element.path() + "name is there twice");
      }
      List<Part> parts = parts(element, folder, objects);
      Optional<Component.Details> own = Optional.empty();
      if (details.isPresent()) {
        own = Optional.of(componentDetails(details.get().object("components").object(name), parts));
      }
      List<String> codecs = codecs(element);
      requireEncrypted(details.isEmpty() && !parts.isEmpty(), codecs, element.path());
      components.add(new Component(name, element.string("type"), codecs, parts, own));
    }
    return components;
  }

  /** All or nothing: a component in clear beside sealed details, or the other way round, was not written by us. */
  private static void requireEncrypted(boolean encrypted, List<String> codecs, String path)
      throws MalformedJsonException {
    int floe = codecs.indexOf("floe");
    if (encrypted ? floe < 0 || floe != codecs.size() - 1 : floe >= 0) {
      throw new MalformedJsonException(path + "codecs must "
          + (encrypted ? "end with floe, for the manifest is sealed" : "not hold floe here"));
    }
  }

  /** With what was sealed. */
  static Manifest revealed(Manifest manifest, byte[] bytes) throws FormatException {
    try {
      JsonObject details = Json.parse(bytes);
      List<Component> components = new ArrayList<>();
      for (Component component : manifest.components()) {
        Component.Details own = componentDetails(
            details.object("components").object(component.name()), component.parts());
        components.add(component.with(own));
      }
      return manifest.with(components, Optional.of(details(details)), manifest.sealed());
    } catch (MalformedJsonException | IllegalArgumentException e) {
      throw FormatException.malformed(
          "what the manifest has sealed is not right: " + e.getMessage(), e);
    }
  }

  /** Each stage takes memory: a thousand of them would fill the heap of whoever reads what they have made. */
  private static List<String> codecs(JsonObject component) throws MalformedJsonException {
    List<String> codecs = component.strings("codecs");
    if (new HashSet<>(codecs).size() < codecs.size()) {
      throw new MalformedJsonException(component.path() + "codecs holds one twice");
    }
    return codecs;
  }

  private static List<Part> parts(JsonObject component, String folder, Set<ObjectName> objects)
      throws MalformedJsonException {
    List<Part> parts = new ArrayList<>();
    for (JsonObject element : component.objects("parts")) {
      ObjectName name = ObjectName.of(element.string("name"));
      if (!name.isIn(folder)) {
        throw new MalformedJsonException(element.path() + "name lies outside the backup's folder");
      } else if (!objects.add(name)) {
        throw new MalformedJsonException(element.path() + "name is there twice");
      }
      Digest stored = digest(element);
      if (stored.size() > MAX_PART) {
        throw new MalformedJsonException(element.path() + "size is beyond 1 GiB");
      }
      parts.add(new Part(name, stored));
    }
    return parts;
  }

  private static Component.Details componentDetails(JsonObject json, List<Part> parts)
      throws MalformedJsonException {
    Optional<JsonObject> plain = json.optionalObject("plain");
    if (plain.isPresent() == parts.isEmpty()) {
      throw new MalformedJsonException(
          json.path() + "plain must be there exactly when the component has parts");
    }
    return new Component.Details(
        plain.isPresent() ? Optional.of(digest(plain.get())) : Optional.empty(),
        facts(json.object("facts")),
        json.optionalString("missing"));
  }

  private static Facts facts(JsonObject json) throws MalformedJsonException {
    return new Facts(
        new TreeMap<>(json.object("counts").numberMembers()),
        new TreeMap<>(json.object("values").stringMembers()),
        new TreeMap<>(json.object("notes").stringMembers()),
        json.strings("gaps"));
  }

  private static Digest digest(JsonObject json) throws MalformedJsonException {
    return new Digest(json.natural("size"), json.string("sha256"));
  }
}
