package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.codec.Compression;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.crypto.Purpose;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.testkit.SettableClock;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Has made {@code records.txt}: {@code -Dvectors=write}. What is expected is said here by hand. */
@EnabledIfSystemProperty(named = "vectors", matches = "write")
class RecordVectorMaker {
  private static final Path FILE = Path.of("src/test/resources/dev/lifeboat/vectors/records.txt");

  @TempDir
  Path temp;

  private final BackupKey key = Crew.SECRET;
  private final Identity office = Crew.OFFICE;
  private final KeyPair host = Crew.HOST;
  private final StringBuilder text = new StringBuilder();
  private final SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");

  private final Map<BackupId, Named> bases = new HashMap<>();

  /** The first vector with some backup, which holds all of it. */
  private record Named(String name, Made made) {}

  /** One small backup as it lies there. */
  private record Made(BackupId id, Map<String, byte[]> objects) {
    byte[] get(String what) {
      return Objects.requireNonNull(objects.get(what), what);
    }

    Made with(String what, byte[] bytes) {
      Map<String, byte[]> changed = new LinkedHashMap<>(objects);
      changed.put(what, bytes);
      return new Made(id, changed);
    }

    /** With the digest that is right for it. */
    Made withManifest(byte[] manifest) {
      return with("manifest", manifest).with("auth", Forger.withDigestOf(manifest, get("auth")));
    }

    Made edited(String before, String after) {
      String text = Forger.text(get("manifest"));
      String changed = text.replaceFirst(before, after);
      if (changed.equals(text)) {
        throw new IllegalArgumentException(before);
      }
      return withManifest(Forger.bytes(changed));
    }

    Made auth(Map<String, ?> put, String... without) {
      return with("auth", Forger.edited(get("auth"), put, List.of(without)));
    }

    String member(String what, String name) {
      return String.valueOf(Forger.members(get(what)).get(name));
    }
  }

  private Made make(String directory, Optional<Encryption> encryption) throws IOException {
    MemorySink sink = new MemorySink("vectors", clock);
    Backups.Builder builder = Backups.builder("shop")
        .source(new Paper("orders", "the orders of today"))
        .sink(sink)
        .clock(clock)
        .compression(Compression.none())
        .workDirectory(temp.resolve(directory));
    encryption.ifPresent(builder::encryption);
    Backups backups = builder.build().by("office");
    BackupId id =
        backups.create(CreateRequest.of(Reason.MANUAL).note("for the vectors")).id();
    backups.pin(id, "for the audit");
    Map<String, byte[]> objects = new LinkedHashMap<>();
    objects.put("manifest", read(sink, Shop.manifest(id)));
    objects.put("auth", read(sink, Shop.authentication(id)));
    objects.put(
        "keys",
        encryption.isEmpty()
            ? Forger.bytes("{}")
            : read(sink, new SeriesNames("shop").keys(id, 1)));
    for (var stored : sink.list("shop/catalog/")) {
      if (stored.name().last().contains(".pin-")) {
        objects.put("pin", read(sink, stored.name()));
      }
    }
    return new Made(id, objects);
  }

  private static byte[] read(MemorySink sink, ObjectName name) throws IOException {
    try (InputStream in = sink.open(name)) {
      return in.readAllBytes();
    }
  }

  private void add(
      String name,
      String done,
      Made made,
      String reader,
      String trust,
      Map<String, Object> more,
      String expect,
      byte[] released) {
    Map<String, Object> lines = new LinkedHashMap<>();
    lines.put("name", name);
    lines.put("what", more.containsKey("mark") ? "mark" : "manifest");
    lines.put("done", done);
    lines.put("series", "shop");
    lines.put("backup", made.id());
    lines.put("reader", reader);
    if (!trust.isEmpty()) {
      lines.put("trust", trust);
    }
    Named base = bases.computeIfAbsent(made.id(), id -> new Named(name, made));
    if (!base.name().equals(name)) {
      lines.put("base", base.name());
    }
    for (String what : List.of("manifest", "auth", "keys")) {
      if (base.name().equals(name) || !Arrays.equals(base.made().get(what), made.get(what))) {
        lines.put(what, Base64.getEncoder().encodeToString(made.get(what)));
      }
    }
    lines.putAll(more);
    lines.forEach((line, value) -> text.append(line).append(": ").append(value).append('\n'));
    text.append("expect: ").append(expect).append('\n');
    text.append("length: ").append(released.length).append('\n');
    text.append("released: ").append(Digest.of(released).sha256()).append("\n\n");
  }

  private void manifest(
      String name, String done, Made made, String reader, String trust, String expect) {
    add(
        "manifest " + name,
        done,
        made,
        reader,
        trust,
        Map.of(),
        expect,
        expect.equals("ok") ? made.get("manifest") : new byte[0]);
  }

  private void mark(
      String name,
      String done,
      Made made,
      String reader,
      String trust,
      String kind,
      byte[] mark,
      String expect,
      String released) {
    Map<String, Object> more = new LinkedHashMap<>();
    more.put("kind", kind);
    more.put("mark", Base64.getEncoder().encodeToString(mark));
    add("mark " + name, done, made, reader, trust, more, expect, released.getBytes(UTF_8));
  }

  @Test
  void records() throws IOException {
    Encryption own = Encryption.key(key);
    Encryption signing = Encryption.recipients(office.recipient()).signedBy(host.getPrivate());
    Encryption stranger =
        Encryption.recipients(office.recipient()).signedBy(Crew.OTHER_HOST.getPrivate());
    Made ours = make("own", Optional.of(own));
    Made second = make("second", Optional.of(own));
    Made signed = make("signed", Optional.of(signing));
    Made clear = make("clear", Optional.empty());
    Made foreign = make("foreign", Optional.of(stranger));
    Made unsigned = make("unsigned", Optional.of(Encryption.recipients(office.recipient())));
    Made both = make("both", Optional.of(Encryption.key(key).alsoFor(office.recipient())));
    String byKey = "key " + new String(key.text());
    String byOther = "key " + new String(Crew.OTHER_KEY.text());
    String byOffice = "identity " + new String(office.text());
    String trust = Base64.getEncoder().encodeToString(host.getPublic().getEncoded());

    manifest("of a key", "nothing", ours, byKey, "", "ok");
    manifest("signed", "nothing", signed, byOffice, trust, "ok");
    manifest("for both, by the key", "nothing", both, byKey, "", "ok");
    manifest(
        "for both, by the identity",
        "what opens through a recipient's slot proves nothing",
        both,
        byOffice,
        "",
        "refused");
    manifest(
        "signed by nobody known",
        "read by somebody who does not trust the signer",
        signed,
        byOffice,
        "",
        "refused");
    manifest(
        "signed by a stranger",
        "a backup that anybody could make",
        foreign,
        byOffice,
        trust,
        "refused");
    manifest(
        "not signed", "a backup that anybody could make", unsigned, byOffice, trust, "refused");
    manifest("for others", "read with another key", ours, byOther, "", "wrong-key");
    manifest("in clear", "one in clear", clear, byKey, "", "refused");
    manifest("in clear, trusting", "one in clear", clear, byOffice, trust, "refused");
    for (Made one : List.of(ours, signed)) {
      String reader = one.equals(ours) ? byKey : byOffice;
      String who = one.equals(ours) ? "of a key" : "signed";
      String trusted = one.equals(ours) ? "" : trust;
      manifest(
          who + ", changed",
          "a field is changed, and the digest stays",
          one.with(
              "manifest",
              Forger.bytes(Forger.text(one.get("manifest")).replace("default", "test"))),
          reader,
          trusted,
          "damaged");
      for (String[] edit : new String[][] {
        {"environment", "\"environment\": \"default\"", "\"environment\": \"test\""},
        {"part", "\"sha256\": \"[0-9a-f]{4}", "\"sha256\": \"0000"},
        {"spaces", "\"format\": 1", "\"format\":  1"},
        {"codecs", "\"floe\"", "\"zstd\", \"floe\""},
        {"sealed", "\"sealed\": \"[^\"]*\"", "\"sealed\": \"AAAA\""}
      }) {
        manifest(
            who + ", " + edit[0] + " changed",
            "changed, and its digest with it",
            one.edited(edit[1], edit[2]),
            reader,
            trusted,
            "damaged");
      }
      manifest(
          who + ", of a later format",
          "format 2",
          one.edited("\"format\": 1", "\"format\": 2"),
          reader,
          trusted,
          "newer");
      manifest(
          who + ", with nothing that proves it",
          "MAC and signature are taken away",
          one.auth(Map.of(), "mac", "signature", "signer"),
          reader,
          trusted,
          "refused");
      manifest(
          who + ", another MAC",
          "a MAC of zeros and no signature",
          one.auth(Map.of("mac", "0".repeat(64)), "signature", "signer"),
          reader,
          trusted,
          "damaged");
      manifest(
          who + ", auth of a later format",
          "format 2 of what authenticates",
          one.auth(Map.of("format", 2)),
          reader,
          trusted,
          "damaged");
      manifest(
          who + ", keys of another backup",
          "keys.json of another backup",
          one.with("keys", second.get("keys")),
          reader,
          trusted,
          "damaged");
    }
    manifest(
        "of a key, auth of another",
        "what authenticates another",
        ours.with("auth", second.get("auth")),
        byKey,
        "",
        "damaged");
    manifest(
        "of a key, the MAC of another",
        "the MAC of another, and the right digest",
        ours.auth(Map.of("mac", second.member("auth", "mac"))),
        byKey,
        "",
        "damaged");
    manifest(
        "signed, without signature",
        "the signature is taken away, the MAC stays",
        signed.auth(Map.of(), "signature", "signer"),
        byOffice,
        trust,
        "refused");
    manifest(
        "signed, without MAC",
        "the MAC is taken away, the signature stays",
        signed.auth(Map.of(), "mac"),
        byOffice,
        trust,
        "ok");
    manifest(
        "signed, another signer",
        "in the name of somebody else",
        signed.auth(Map.of("signer", "0123456789abcdef")),
        byOffice,
        trust,
        "refused");
    var other = stranger.authenticate(Purpose.MANIFEST, signed.get("manifest"), Optional.empty());
    manifest(
        "signed, another signature",
        "a stranger's signature in the name of the signer",
        signed.auth(Map.of("signature", other.signature().orElseThrow())),
        byOffice,
        trust,
        "damaged");
    var asMark = signing.authenticate(Purpose.MARK, signed.get("manifest"), Optional.empty());
    manifest(
        "signed as a mark",
        "signed for another purpose",
        signed.auth(Map.of("signature", asMark.signature().orElseThrow())),
        byOffice,
        trust,
        "damaged");
    manifest(
        "signed, half a signature",
        "three bytes of a signature",
        signed.auth(Map.of("signature", "AAAA")),
        byOffice,
        trust,
        "damaged");

    String words = "office\nfor the audit";
    mark("of a key", "nothing", ours, byKey, "", "pin", ours.get("pin"), "ok", words);
    mark("signed", "nothing", signed, byOffice, trust, "pin", signed.get("pin"), "ok", words);
    mark(
        "not signed",
        "by a writer whom nobody can prove",
        unsigned,
        byOffice,
        trust,
        "pin",
        unsigned.get("pin"),
        "refused",
        "");
    mark(
        "in clear",
        "by somebody without any key",
        ours,
        byKey,
        "",
        "pin",
        withBackup(clear.get("pin"), clear.id(), ours.id()),
        "refused",
        "");
    mark(
        "of another kind",
        "a pin as damage",
        ours,
        byKey,
        "",
        "damage",
        ours.get("pin"),
        "damaged",
        "");
    mark(
        "of another backup",
        "another backup's",
        ours,
        byKey,
        "",
        "pin",
        second.get("pin"),
        "damaged",
        "");
    mark(
        "text changed",
        "a second earlier, and its digest with it",
        ours,
        byKey,
        "",
        "pin",
        edited(ours.get("pin"), "\"at\": \"2026", "\"at\": \"2025"),
        "damaged",
        "");
    mark(
        "text changed, signed",
        "a second earlier, and its digest with it",
        signed,
        byOffice,
        trust,
        "pin",
        edited(signed.get("pin"), "\"at\": \"2026", "\"at\": \"2025"),
        "damaged",
        "");
    mark(
        "without MAC",
        "the MAC is taken away",
        ours,
        byKey,
        "",
        "pin",
        Forger.edited(ours.get("pin"), Map.of(), List.of("mac")),
        "refused",
        "");
    mark(
        "another MAC",
        "a MAC of zeros",
        ours,
        byKey,
        "",
        "pin",
        Forger.edited(ours.get("pin"), Map.of("mac", "0".repeat(64)), List.of()),
        "damaged",
        "");
    mark(
        "without signature",
        "the signature is taken away",
        signed,
        byOffice,
        trust,
        "pin",
        Forger.edited(signed.get("pin"), Map.of(), List.of("signature", "signer")),
        "refused",
        "");
    for (Map.Entry<String, Optional<Encryption>> writer : List.of(
        Map.entry("ours", Optional.of(own)),
        Map.entry("of another key", Optional.of(Encryption.key(Crew.OTHER_KEY))),
        Map.entry("of a recipient", Optional.of(Encryption.recipients(office.recipient()))),
        Map.entry("in clear", Optional.<Encryption>empty()))) {
      Mark tombstone =
          Mark.of(Mark.Kind.DELETED, ours.id(), "shop", clock.instant(), "office", "not needed");
      byte[] written = new Marks("shop", writer.getValue()).write(tombstone, Optional.empty());
      boolean good = writer.getKey().equals("ours");
      mark(
          "tombstone " + writer.getKey(),
          good ? "nothing" : "a stranger's",
          ours,
          byKey,
          "",
          "deleted",
          written,
          good ? "ok" : "refused",
          good ? "office\nnot needed" : "");
    }
    Files.createDirectories(FILE.getParent());
    Files.writeString(FILE, text.toString().strip() + "\n");
  }

  private static byte[] edited(byte[] mark, String before, String after) {
    String text = String.valueOf(Forger.members(mark).get("mark"));
    String changed = text.replace(before, after);
    if (changed.equals(text)) {
      throw new IllegalArgumentException(before);
    }
    return Forger.edited(
        mark,
        Map.of("mark", changed, "sha256", Digest.of(Forger.bytes(changed)).sha256()),
        List.of());
  }

  private static byte[] withBackup(byte[] mark, BackupId from, BackupId to) {
    return edited(mark, from.toString(), to.toString());
  }
}
