package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeboat.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Has made the files of {@code dev/lifeboat/vectors}: {@code -Dvectors=write}. What is expected is said here by hand, and
 * not asked of the code that is tested. What is drawn at random comes out differently every time.
 */
@EnabledIfSystemProperty(named = "vectors", matches = "write")
class VectorMaker {
  private static final Path DIRECTORY = Path.of("src/test/resources/dev/lifeboat/vectors");
  private static final String SERIES = "shop";
  private static final String BACKUP = "20260214T143045Z-manual-k7f3q2ab";
  private static final String OTHER = "20260215T143045Z-manual-b2aq3f7k";
  private static final String AAD = SERIES + "/" + BACKUP + "/orders";
  private static final byte[] KEY = Fingerprint.sha256("the key of the vectors".getBytes(UTF_8));
  private static final byte[] OTHER_KEY = Fingerprint.sha256("another key".getBytes(UTF_8));
  private static final String PASSPHRASE = "correct horse battery staple";

  private final StringBuilder text = new StringBuilder();

  private void add(Map<String, Object> lines, String expect, byte[] released) {
    lines.forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
    text.append("expect: ").append(expect).append('\n');
    text.append("length: ").append(released.length).append('\n');
    text.append("released: ").append(OwnVectorsTest.hex(released)).append("\n\n");
  }

  private void write(String file) throws IOException {
    Files.createDirectories(DIRECTORY);
    Files.writeString(DIRECTORY.resolve(file + ".txt"), text.toString().strip() + "\n");
    text.setLength(0);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static Map<String, Object> lines(Object... pairs) {
    Map<String, Object> lines = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      lines.put((String) pairs[i], pairs[i + 1]);
    }
    return lines;
  }

  // streams of small segments

  private static final FloeParameters SMALL = new FloeParameters(64, 1);
  private static final int IN_ONE = 32;

  private void small(
      String name,
      String done,
      byte[] key,
      String aad,
      byte[] input,
      String expect,
      byte[] released) {
    add(
        lines(
            "name",
            "floe " + name,
            "what",
            "floe",
            "done",
            done,
            "segment",
            64,
            "rotation",
            1,
            "key",
            base64(key),
            "aad",
            aad,
            "input",
            base64(input)),
        expect,
        released);
  }

  private void damaged(String name, String done, byte[] input, byte[] content, int segments) {
    small(name, done, KEY, AAD, input, "damaged", Arrays.copyOf(content, segments * IN_ONE));
  }

  @Test
  void floe() throws IOException {
    for (int length : new int[] {0, 1, 31, 32, 33, 64, 65, 96, 128, 167}) {
      byte[] content = OwnVectorsTest.content(length);
      small(
          "of " + length,
          "nothing",
          KEY,
          AAD,
          OwnVectorsTest.sealed(SMALL, KEY, AAD, content, "small " + length),
          "ok",
          content);
    }
    byte[] content = OwnVectorsTest.content(167);
    byte[] sealed = OwnVectorsTest.sealed(SMALL, KEY, AAD, content, "small");
    for (int cut : new int[] {
      0, 1, 9, 10, 41, 42, 73, 74, 75, 77, 78, 89, 90, 105, 106, 137, 138, 139, 142, 201, 202, 266,
      330, 394, 410, 426, 432
    }) {
      int whole = Math.max(0, (cut - Floe.HEADER) / 64);
      damaged(
          "cut to " + cut,
          "cut to its first " + cut + " bytes",
          Arrays.copyOf(sealed, cut),
          content,
          whole);
    }
    edit("swap 0 1", sealed, content, 0);
    edit("swap 1 3", sealed, content, 1);
    edit("swap 3 4", sealed, content, 3);
    edit("swap 4 5", sealed, content, 4);
    edit("drop 0", sealed, content, 0);
    edit("drop 2", sealed, content, 2);
    edit("drop 5", sealed, content, 5);
    edit("double 0", sealed, content, 1);
    edit("double 4", sealed, content, 5);
    edit("double 5", sealed, content, 5);
    edit("last 0", sealed, content, 0);
    edit("last 2", sealed, content, 2);
    edit("more 5", sealed, content, 5);
    edit("append 1", sealed, content, 5);
    edit("append 25", sealed, content, 5);
    edit("append 64", sealed, content, 5);
    for (int at : new int[] {0, 1, 2, 5, 9, 10, 41, 42, 73}) {
      edit("flip " + at + " 0", sealed, content, 0);
    }
    for (int segment : new int[] {0, 1, 2, 5}) {
      for (int at : new int[] {0, 4, 16, segment == 5 ? 38 : 63}) {
        edit("flip " + (Floe.HEADER + 64 * segment + at) + " 7", sealed, content, segment);
      }
    }
    byte[] lastCut = OwnVectorsTest.edited(sealed, "last 2", 64);
    damaged(
        "ends early",
        "the third segment says that it is the last, and nothing follows it",
        Arrays.copyOf(lastCut, Floe.HEADER + 3 * 64),
        content,
        2);
    byte[] even = OwnVectorsTest.content(64);
    byte[] aligned = OwnVectorsTest.sealed(SMALL, KEY, AAD, even, "aligned");
    damaged(
        "aligned append 1",
        "something follows a last segment that is full",
        OwnVectorsTest.edited(aligned, "append 1", 64),
        even,
        1);
    damaged(
        "aligned more 1",
        "a last segment that is full says that others follow",
        OwnVectorsTest.edited(aligned, "more 1", 64),
        even,
        1);
    damaged(
        "aligned cut",
        "the last of two full segments is missing",
        Arrays.copyOf(aligned, Floe.HEADER + 64),
        even,
        1);
    byte[] other = OwnVectorsTest.sealed(SMALL, KEY, AAD, content, "another stream");
    byte[] header = sealed.clone();
    System.arraycopy(other, 0, header, 0, Floe.HEADER);
    damaged(
        "header of another",
        "the header of another stream with the same key and AAD",
        header,
        content,
        0);
    byte[] body = sealed.clone();
    System.arraycopy(other, Floe.HEADER + 64, body, Floe.HEADER + 64, 64);
    damaged(
        "segment of another",
        "the second segment is that of another stream with the same key and AAD",
        body,
        content,
        1);
    byte[] nothing = new byte[0];
    for (String aad : List.of(
        "",
        SERIES + "/" + BACKUP + "/order",
        SERIES + "/" + BACKUP + "/uploads",
        SERIES + "/" + OTHER + "/orders",
        "club/" + BACKUP + "/orders",
        AAD + " ")) {
      small(
          "aad " + aad.length() + " " + aad.hashCode(),
          "opened with another AAD",
          KEY,
          aad,
          sealed,
          "damaged",
          nothing);
    }
    small("another key", "opened with another key", OTHER_KEY, AAD, sealed, "damaged", nothing);
    byte[] near = KEY.clone();
    near[31] ^= 1;
    small(
        "one bit of the key",
        "opened with a key of which one bit is another",
        near,
        AAD,
        sealed,
        "damaged",
        nothing);
    byte[] large = OwnVectorsTest.sealed(KEY, AAD, 100, "large");
    damaged("of other segments", "it has segments of 64 KiB", large, content, 0);
    write("floe");
  }

  private void edit(String edit, byte[] sealed, byte[] content, int segments) {
    damaged(edit, edit, OwnVectorsTest.edited(sealed, edit, 64), content, segments);
  }

  // streams as Lifeboat writes them, by recipe

  private void large(
      String name, int length, String edit, String aad, byte[] key, String expect, int released)
      throws IOException {
    String seed = "large " + length;
    add(
        lines(
            "name",
            "floe-64k " + name,
            "what",
            "floe-recipe",
            "made-with",
            base64(KEY),
            "made-for",
            AAD,
            "content",
            length,
            "seed",
            seed,
            "ciphertext",
            OwnVectorsTest.hex(OwnVectorsTest.sealed(KEY, AAD, length, seed)),
            "edit",
            edit,
            "key",
            base64(key),
            "aad",
            aad),
        expect,
        OwnVectorsTest.content(released));
  }

  @Test
  void floeOf64KiB() throws IOException {
    int one = 65536 - 32;
    for (int length : new int[] {0, 1, one - 1, one, one + 1, 2 * one, 200_000, 1_000_000}) {
      large("of " + length, length, "none", AAD, KEY, "ok", length);
    }
    int length = 200_000;
    int header = Floe.HEADER;
    large("header alone", length, "cut " + header, AAD, KEY, "damaged", 0);
    large("half a header", length, "cut 40", AAD, KEY, "damaged", 0);
    large("one segment", length, "cut " + (header + 65536), AAD, KEY, "damaged", one);
    large("one and a byte", length, "cut " + (header + 65537), AAD, KEY, "damaged", one);
    large(
        "one byte short",
        length,
        "cut " + (header + 4 * 32 + length - 1),
        AAD,
        KEY,
        "damaged",
        3 * one);
    large("a bit of the first", length, "flip 1000 0", AAD, KEY, "damaged", 0);
    large(
        "a bit of the third",
        length,
        "flip " + (header + 2 * 65536 + 65535) + " 7",
        AAD,
        KEY,
        "damaged",
        2 * one);
    large("a bit of the IV", length, "flip 20 3", AAD, KEY, "damaged", 0);
    large("first two swapped", length, "swap 0 1", AAD, KEY, "damaged", 0);
    large("second two swapped", length, "swap 1 2", AAD, KEY, "damaged", one);
    large("first dropped", length, "drop 0", AAD, KEY, "damaged", 0);
    large("third dropped", length, "drop 2", AAD, KEY, "damaged", 2 * one);
    large("last dropped", length, "drop 3", AAD, KEY, "damaged", 3 * one);
    large("second doubled", length, "double 1", AAD, KEY, "damaged", 2 * one);
    large("second as the last", length, "last 1", AAD, KEY, "damaged", one);
    large("last as one of many", length, "more 3", AAD, KEY, "damaged", 3 * one);
    large("a byte more", length, "append 1", AAD, KEY, "damaged", 3 * one);
    large("a byte more after a full one", 2 * one, "append 1", AAD, KEY, "damaged", one);
    large(
        "another component", length, "none", SERIES + "/" + BACKUP + "/uploads", KEY, "damaged", 0);
    large("another key", length, "none", AAD, OTHER_KEY, "damaged", 0);
    write("floe-64k");
  }

  // keys.json

  private static final Identity IDENTITY = new VectorSecrets().identity();
  private static final BackupKey HOST = new VectorSecrets().key("host");
  private static final BackupKey STRANGER = new VectorSecrets().key("stranger");

  private void keys(
      String name, String done, String reader, byte[] input, String expect, byte[] released) {
    add(
        lines(
            "name",
            "keys " + name,
            "what",
            "keys",
            "done",
            done,
            "series",
            SERIES,
            "backup",
            BACKUP,
            "reader",
            reader,
            "input",
            base64(input)),
        expect,
        released);
  }

  private void keysFail(String name, String done, byte[] input, String expect) {
    keys(name, done, "key " + new String(HOST.text()), input, expect, new byte[0]);
  }

  private static String string(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static byte[] changed(byte[] bytes, String before, String after) {
    String text = string(bytes);
    String changed = text.replaceFirst(before, after);
    if (changed.equals(text)) {
      throw new IllegalArgumentException(before);
    }
    return changed.getBytes(UTF_8);
  }

  /** As if it had been written so: with the MAC that it then has. */
  private static byte[] proven(
      DataKey dataKey, List<Map<String, Object>> slots, UnaryOperator<String> change) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("series", SERIES);
    keys.put("backup", BACKUP);
    keys.put("slots", slots);
    String text = change.apply(string(Json.write(keys)));
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("format", 1);
    file.put("keys", text);
    file.put("mac", dataKey.macOfKeys(text.getBytes(UTF_8)));
    return Json.write(file);
  }

  private static Map<String, Object> with(Map<String, Object> slot, String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(slot);
    changed.put(name, value);
    return changed;
  }

  @Test
  void keys() throws IOException {
    Place place = new Place(SERIES, BACKUP);
    byte[] data = Fingerprint.sha256("the data key".getBytes(UTF_8));
    DataKey dataKey = new DataKey(data.clone(), place);
    Passphrase passphrase =
        new Passphrase(PASSPHRASE.toCharArray(), new Cost(19 << 10, 2, 1), Argon2.here());
    Slot own = new KeyReader(HOST).write(data, place);
    Slot strange = new KeyReader(STRANGER).write(data, place);
    Slot recipient = new RecipientWriter(IDENTITY.recipient()).write(data, place);
    Slot known = passphrase.write(data, place);
    String host = "key " + new String(HOST.text());
    String office = "identity " + new String(IDENTITY.text());
    byte[] ofKey = KeysFile.of(dataKey, List.of(own)).write();
    byte[] ofOffice = KeysFile.of(dataKey, List.of(recipient)).write();
    byte[] ofPassphrase = KeysFile.of(dataKey, List.of(known)).write();
    byte[] ofAll = KeysFile.of(dataKey, List.of(strange, known, recipient, own)).write();
    byte[] nothing = new byte[0];
    keys("a key", "nothing", host, ofKey, "ok", data);
    keys("an identity", "nothing", office, ofOffice, "ok", data);
    keys("a passphrase", "nothing", "passphrase " + PASSPHRASE, ofPassphrase, "ok", data);
    keys("all, by the key", "nothing", host, ofAll, "ok", data);
    keys("all, by the identity", "nothing", office, ofAll, "ok", data);
    keys("all, by the passphrase", "nothing", "passphrase " + PASSPHRASE, ofAll, "ok", data);
    keys(
        "wrong passphrase",
        "opened with another passphrase",
        "passphrase correct horse battery stable",
        ofPassphrase,
        "wrong-key",
        nothing);
    keys(
        "wrong key",
        "opened with another key",
        "key " + new String(STRANGER.text()),
        ofKey,
        "wrong-key",
        nothing);
    keys(
        "wrong identity",
        "opened with another identity",
        "identity " + new String(new VectorSecrets().otherIdentity().text()),
        ofOffice,
        "wrong-key",
        nothing);
    keys(
        "absent slot",
        "it has a passphrase and a recipient",
        host,
        KeysFile.of(dataKey, List.of(known, recipient)).write(),
        "wrong-key",
        nothing);
    keys(
        "absent passphrase",
        "it has a key alone",
        "passphrase " + PASSPHRASE,
        ofKey,
        "wrong-key",
        nothing);
    Map<String, Object> slot = own.members();
    Map<String, Object> pigeon = with(slot, "type", "pigeon");
    keysFail(
        "unknown type",
        "its only slot has an unknown type",
        proven(dataKey, List.of(pigeon), text -> text),
        "newer");
    keys(
        "unknown beside a known one",
        "one of two slots has an unknown type",
        host,
        proven(dataKey, List.of(pigeon, slot), text -> text),
        "ok",
        data);
    keysFail(
        "format 2", "a later format", changed(ofKey, "\"format\": 1", "\"format\": 2"), "newer");
    keysFail(
        "format 0",
        "an impossible format",
        changed(ofKey, "\"format\": 1", "\"format\": 0"),
        "damaged");
    keysFail(
        "mac of zeros",
        "another MAC",
        changed(ofKey, "\"mac\": \"[0-9a-f]*\"", "\"mac\": \"" + "0".repeat(64) + "\""),
        "damaged");
    keysFail(
        "mac in capitals",
        "the MAC in capitals",
        changed(ofKey, "\"mac\": \"[0-9a-f]*\"", "\"mac\": \"" + "A".repeat(64) + "\""),
        "damaged");
    keysFail(
        "no mac",
        "the MAC is missing",
        changed(ofKey, "(?s),\\s*\"mac\": \"[0-9a-f]*\"", ""),
        "damaged");
    keysFail("no keys", "the text is missing", changed(ofKey, "\"keys\"", "\"kegs\""), "damaged");
    keysFail(
        "a slot more",
        "a slot is added, and the MAC stays",
        withSlots(ofKey, KeysFile.of(dataKey, List.of(own, strange)).write()),
        "damaged");
    keysFail(
        "a slot less",
        "a slot is taken away, and the MAC stays",
        withSlots(ofAll, ofKey),
        "damaged");
    Place other = new Place(SERIES, OTHER);
    byte[] elsewhere = KeysFile.of(
            new DataKey(data.clone(), other), List.of(new KeyReader(HOST).write(data, other)))
        .write();
    keysFail("of another backup", "another backup's", elsewhere, "damaged");
    Place club = new Place("club", BACKUP);
    keysFail(
        "of another series",
        "another series'",
        KeysFile.of(new DataKey(data.clone(), club), List.of(new KeyReader(HOST).write(data, club)))
            .write(),
        "damaged");
    keysFail(
        "a slot of another backup",
        "its slot is that of another backup, its MAC is right",
        proven(dataKey, List.of(new KeyReader(HOST).write(data, other).members()), text -> text),
        "damaged");
    keysFail(
        "named for another backup",
        "the text names another backup, its MAC is right",
        proven(dataKey, List.of(slot), text -> text.replace(BACKUP, OTHER)),
        "damaged");
    byte[] second = Fingerprint.sha256("another data key".getBytes(UTF_8));
    keysFail(
        "another data key",
        "its slot holds another data key than its MAC is of",
        proven(dataKey, List.of(new KeyReader(HOST).write(second, place).members()), text -> text),
        "damaged");
    keysFail(
        "id of the host, key of a stranger",
        "a stranger's slot under the host's id",
        proven(dataKey, List.of(with(strange.members(), "key", HOST.id())), text -> text),
        "damaged");
    String wrapped = String.valueOf(slot.get("wrapped"));
    keysFail(
        "wrapped cut",
        "what is wrapped has a byte less",
        proven(
            dataKey,
            List.of(with(slot, "wrapped", base64(Arrays.copyOf(Base64Text.bytes(wrapped), 137)))),
            text -> text),
        "damaged");
    keysFail(
        "wrapped longer",
        "what is wrapped has a byte more",
        proven(
            dataKey,
            List.of(with(slot, "wrapped", base64(Arrays.copyOf(Base64Text.bytes(wrapped), 139)))),
            text -> text),
        "damaged");
    keysFail(
        "wrapped not base64",
        "what is wrapped has a blank in it",
        proven(dataKey, List.of(with(slot, "wrapped", " " + wrapped)), text -> text),
        "damaged");
    byte[] flipped = Base64Text.bytes(wrapped);
    flipped[100] ^= 1;
    keysFail(
        "wrapped changed",
        "a bit of what is wrapped is changed",
        proven(dataKey, List.of(with(slot, "wrapped", base64(flipped))), text -> text),
        "damaged");
    Map<String, Object> sealedFor = recipient.members();
    for (Object[] one : new Object[][] {
      {"enc of zeros", "a point of low order", "enc", base64(new byte[32])},
      {"enc of one", "another point of low order", "enc", base64(Arrays.copyOf(new byte[] {1}, 32))
      },
      {
        "enc of another",
        "the encapsulated key of another message",
        "enc",
        new RecipientWriter(IDENTITY.recipient()).write(data, place).members().get("enc")
      },
      {"enc cut", "31 bytes", "enc", base64(new byte[31])},
      {"sealed of zeros", "zeros instead of what is sealed", "wrapped", base64(new byte[48])},
      {"sealed cut", "47 bytes", "wrapped", base64(new byte[47])}
    }) {
      keys(
          "x25519 " + one[0],
          (String) one[1],
          office,
          proven(dataKey, List.of(with(sealedFor, (String) one[2], one[3])), text -> text),
          "damaged",
          nothing);
    }
    keys(
        "x25519 of another backup",
        "what is sealed for another backup",
        office,
        proven(
            dataKey,
            List.of(new RecipientWriter(IDENTITY.recipient()).write(data, other).members()),
            text -> text),
        "damaged",
        nothing);
    Map<String, Object> costly = known.members();
    for (Object[] one : new Object[][] {
      {"memoryKiB", (1 << 20) + 1},
      {"memoryKiB", 7},
      {"memoryKiB", 0},
      {"memoryKiB", -1},
      {"memoryKiB", Long.MAX_VALUE},
      {"passes", 0},
      {"passes", 17},
      {"passes", 2147483647L},
      {"lanes", 0},
      {"lanes", 17},
      {"salt", base64(new byte[15])},
      {"salt", base64(new byte[65])}
    }) {
      keys(
          "argon2 " + one[0] + " " + one[1],
          "a cost beyond the bounds, or a salt",
          "passphrase " + PASSPHRASE,
          proven(dataKey, List.of(with(costly, (String) one[0], one[1])), text -> text),
          "damaged",
          nothing);
    }
    keys(
        "argon2 unknown",
        "another way to derive a key",
        "passphrase " + PASSPHRASE,
        proven(dataKey, List.of(with(costly, "kdf", "scrypt")), text -> text),
        "newer",
        nothing);
    List<Map<String, Object>> many = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      many.add(with(costly, "salt", base64(Fingerprint.sha256(new byte[] {(byte) i}))));
    }
    keys(
        "argon2 five salts",
        "more salts than anybody computes",
        "passphrase " + PASSPHRASE,
        proven(dataKey, many, text -> text),
        "damaged",
        nothing);
    keysFail("no slots", "no slot at all", proven(dataKey, List.of(), text -> text), "damaged");
    List<Map<String, Object>> slots = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      slots.add(pigeon);
    }
    slots.set(15, slot);
    keys(
        "16 slots",
        "as many slots as there may be",
        host,
        proven(dataKey, slots, text -> text),
        "ok",
        data);
    slots.add(slot);
    keysFail("17 slots", "one slot too many", proven(dataKey, slots, text -> text), "damaged");
    keysFail("not json", "half of it", Arrays.copyOf(ofKey, ofKey.length / 2), "damaged");
    keysFail("nothing", "no bytes", nothing, "damaged");
    keysFail(
        "twice",
        "a member twice",
        changed(ofKey, "\"format\": 1", "\"format\": 1, \"format\": 1"),
        "damaged");
    write("keys");
  }

  /** The MAC of one, the text of another. */
  private static byte[] withSlots(byte[] mac, byte[] keys) {
    try {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("format", 1);
      file.put("keys", Json.parse(keys).string("keys"));
      file.put("mac", Json.parse(mac).string("mac"));
      return Json.write(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  // what is sealed

  @Test
  void sealed() throws IOException {
    byte[] content = "{\"by\": \"office\", \"why\": \"for the audit\"}".getBytes(UTF_8);
    Place place = new Place(SERIES, BACKUP);
    Seal seal = new Seal(new DataKey(KEY.clone(), place), new byte[0], "");
    String details = seal.conceal(content, "details");
    byte[] bytes = Base64Text.bytes(details);
    sealed("details", "nothing", KEY, BACKUP, "details", details, content);
    sealed("a mark", "nothing", KEY, BACKUP, "mark", seal.conceal(content, "mark"), content);
    sealed(
        "empty",
        "nothing",
        KEY,
        BACKUP,
        "details",
        seal.conceal(new byte[0], "details"),
        new byte[0]);
    sealed("details as a mark", "details opened as a mark", KEY, BACKUP, "mark", details, null);
    sealed(
        "a mark as details",
        "a mark opened as details",
        KEY,
        BACKUP,
        "details",
        seal.conceal(content, "mark"),
        null);
    sealed("of another backup", "opened as another backup's", KEY, OTHER, "details", details, null);
    sealed("another key", "opened with another key", OTHER_KEY, BACKUP, "details", details, null);
    sealed(
        "cut",
        "a byte less",
        KEY,
        BACKUP,
        "details",
        base64(Arrays.copyOf(bytes, bytes.length - 1)),
        null);
    sealed(
        "longer",
        "a byte more",
        KEY,
        BACKUP,
        "details",
        base64(Arrays.copyOf(bytes, bytes.length + 1)),
        null);
    byte[] flipped = bytes.clone();
    flipped[bytes.length - 20] ^= 4;
    sealed("changed", "a bit is changed", KEY, BACKUP, "details", base64(flipped), null);
    sealed(
        "header alone",
        "cut to its header",
        KEY,
        BACKUP,
        "details",
        base64(Arrays.copyOf(bytes, Floe.HEADER)),
        null);
    sealed("not base64", "a blank in it", KEY, BACKUP, "details", "AAAA AAAA", null);
    sealed(
        "not canonical",
        "base64 with bits that mean nothing",
        KEY,
        BACKUP,
        "details",
        "AB==",
        null);
    components();
    write("sealed");
  }

  private void sealed(
      String name,
      String done,
      byte[] key,
      String backup,
      String of,
      String input,
      byte @Nullable [] released) {
    add(
        lines(
            "name",
            "sealed " + name,
            "what",
            "sealed",
            "done",
            done,
            "series",
            SERIES,
            "backup",
            backup,
            "key",
            base64(key),
            "of",
            of,
            "input",
            input),
        released == null ? "damaged" : "ok",
        released == null ? new byte[0] : released);
  }

  /** The keys and contexts are derived here as FORMAT.md says it, once more. */
  private void components() throws IOException {
    byte[] content = "the orders of today".getBytes(UTF_8);
    byte[] derived = componentKey("orders");
    byte[] right =
        OwnVectorsTest.sealed(FloeParameters.LIFEBOAT, derived, AAD, content, "component");
    component("orders", "nothing", BACKUP, "orders", right, content);
    component("as another", "as another component", BACKUP, "uploads", right, null);
    component("as another backup's", "as another backup's", OTHER, "orders", right, null);
    component(
        "without its name",
        "its AAD names the backup alone",
        BACKUP,
        "orders",
        OwnVectorsTest.sealed(
            FloeParameters.LIFEBOAT, derived, SERIES + "/" + BACKUP, content, "component"),
        null);
    component(
        "another's key",
        "its key is that of another component",
        BACKUP,
        "orders",
        OwnVectorsTest.sealed(
            FloeParameters.LIFEBOAT, componentKey("uploads"), AAD, content, "component"),
        null);
    component("cut", "a byte less", BACKUP, "orders", Arrays.copyOf(right, right.length - 1), null);
  }

  private static byte[] componentKey(String component) {
    byte[] extracted = Hkdf.SHA_384.extract((SERIES + "/" + BACKUP).getBytes(UTF_8), KEY);
    return Hkdf.SHA_384.expand(
        extracted, ("lifeboat 1 component " + component).getBytes(UTF_8), 32);
  }

  private void component(
      String name,
      String done,
      String backup,
      String component,
      byte[] input,
      byte @Nullable [] released) {
    add(
        lines(
            "name",
            "component " + name,
            "what",
            "component",
            "done",
            done,
            "series",
            SERIES,
            "backup",
            backup,
            "key",
            base64(KEY),
            "component",
            component,
            "input",
            base64(input)),
        released == null ? "damaged" : "ok",
        released == null ? new byte[0] : released);
  }

  // texts for people

  @Test
  void texts() throws IOException {
    String key = new String(HOST.text());
    String identity = new String(IDENTITY.text());
    String recipient = IDENTITY.recipient().text();
    text("a key", "nothing", "key", key, HOST.bytes());
    text("an identity", "nothing", "identity", identity, IDENTITY.bytes());
    text("a recipient", "nothing", "recipient", recipient, IDENTITY.recipient().publicKey());
    text(
        "in capitals",
        "all in capitals",
        "key",
        key.toUpperCase(java.util.Locale.ROOT),
        HOST.bytes());
    text("without dashes", "no dashes", "key", key.replace("-", ""), HOST.bytes());
    text(
        "in lines",
        "blanks, tabs and line ends for dashes",
        "key",
        "  " + key.replaceFirst("lifeboat-", "life boat\r\n").replaceAll("-", " \t\r\n") + "\n",
        HOST.bytes());
    String digits = key.substring("lifeboat-key-".length());
    text(
        "misread",
        "o for 0, i and l for 1",
        "key",
        "lifeboat-key-" + digits.replace('0', 'o').replaceFirst("1", "l").replace('1', 'i'),
        HOST.bytes());
    text("a key as identity", "a key where an identity is wanted", "identity", key, null);
    text(
        "a recipient as identity",
        "a recipient where an identity is wanted",
        "identity",
        recipient,
        null);
    text(
        "an identity as recipient",
        "an identity where a recipient is wanted",
        "recipient",
        identity,
        null);
    text(
        "prefix of another",
        "the digits of an identity with the prefix of a key",
        "key",
        identity.replace("identity", "key"),
        null);
    text("no prefix", "the digits alone", "key", digits, null);
    text("nothing", "no text", "key", "", null);
    text("prefix alone", "no digits", "key", "lifeboat-key-", null);
    text("a digit less", "55 digits", "key", key.substring(0, key.length() - 1), null);
    text("a digit more", "57 digits", "key", key + "0", null);
    text(
        "u",
        "a digit that these texts do not have",
        "key",
        key.substring(0, 20) + "u" + key.substring(21),
        null);
    text(
        "not ascii",
        "a letter of another alphabet",
        "key",
        key.substring(0, 20) + "\u0430" + key.substring(21),
        null);
    for (int at : new int[] {0, 5, 20, 40, 62}) {
      int place = "lifeboat-key-".length() + at;
      char wrong = key.charAt(place) == '7' ? '8' : '7';
      text(
          "mistyped at " + at,
          "one digit is another",
          "key",
          key.substring(0, place) + wrong + key.substring(place + 1),
          null);
    }
    text("digits swapped", "two neighbours are swapped", "key", swapped(key), null);
    text(
        "groups swapped",
        "two groups are swapped",
        "key",
        "lifeboat-key-" + digits.substring(8, 15) + "-" + digits.substring(0, 7)
            + digits.substring(15),
        null);
    text(
        "recipient of low order",
        "a public key that anybody could read for",
        "recipient",
        new String(TextForm.RECIPIENT.write(new byte[32])),
        null);
    write("texts");
  }

  private static String swapped(String key) {
    int at = "lifeboat-key-".length();
    while (key.charAt(at) == key.charAt(at + 1)
        || key.charAt(at + 1) == '-'
        || key.charAt(at) == '-') {
      at++;
    }
    return key.substring(0, at) + key.charAt(at + 1) + key.charAt(at) + key.substring(at + 2);
  }

  private void text(String name, String done, String of, String input, byte @Nullable [] released) {
    add(
        lines(
            "name",
            "text " + name,
            "what",
            "text",
            "done",
            done,
            "of",
            of,
            "input",
            base64(input.getBytes(UTF_8))),
        released == null ? "refused" : "ok",
        released == null ? new byte[0] : released);
  }

  /** Secrets that are none: made of words. */
  private static final class VectorSecrets {
    BackupKey key(String word) {
      return BackupKey.ofBase64(base64(Fingerprint.sha256(word.getBytes(UTF_8))).toCharArray());
    }

    Identity identity() {
      return Identity.parse(TextForm.IDENTITY.write(Fingerprint.sha256("office".getBytes(UTF_8))));
    }

    Identity otherIdentity() {
      return Identity.parse(
          TextForm.IDENTITY.write(Fingerprint.sha256("elsewhere".getBytes(UTF_8))));
    }
  }
}
