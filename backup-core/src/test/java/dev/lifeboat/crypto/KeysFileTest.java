package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A keys.json that anybody may have written: it opens to the right data key, or not at all, and costs little. */
class KeysFileTest {
  private static final Place PLACE = new Place("shop", "20260214T143045Z-manual-k7f3q2ab");
  private static final Cost CHEAP = new Cost(19 << 10, 2, 1);
  private static final String MAC = "0".repeat(64);
  private static final String SALT = Base64Text.of(new byte[16]);
  private static final String WRAPPED = Base64Text.of(new byte[138]);
  private static final byte[] MESSAGE = {1, 2, 3};

  private final CountingKdf kdf = new CountingKdf();
  private final BackupKey key = BackupKey.generate();
  private final Identity identity = Identity.generate();

  private Encryption passphrase(String text) {
    return Encryption.passphrase(text.toCharArray(), CHEAP, kdf);
  }

  private static byte[] file(String keys, String mac) {
    Map<String, Object> file = new LinkedHashMap<>();
    file.put("format", 1);
    file.put("keys", keys);
    file.put("mac", mac);
    return Json.write(file);
  }

  private static byte[] fileOf(Place place, List<?> slots) {
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put("series", place.series());
    keys.put("backup", place.backup());
    keys.put("slots", slots);
    return file(new String(Json.write(keys), UTF_8), MAC);
  }

  private static Map<String, Object> passphraseSlot(Object memory, Object passes, Object lanes) {
    return with(
        new Slot.OfPassphrase(SALT, CHEAP, WRAPPED).members(),
        Map.of("memoryKiB", memory, "passes", passes, "lanes", lanes));
  }

  private static Map<String, Object> with(Map<String, Object> members, Map<String, ?> other) {
    Map<String, Object> changed = new LinkedHashMap<>(members);
    changed.putAll(other);
    return changed;
  }

  private Throwable opening(byte[] keys) {
    return catchThrowable(
        () -> passphrase("correct horse").open(keys, PLACE.series(), PLACE.backup()));
  }

  private void assertDamaged(byte[] keys, String message) {
    assertThat(opening(keys)).isInstanceOf(DamagedDataException.class).hasMessage(message);
    assertThat(kdf.calls).isEmpty();
  }

  private void assertSlotRefused(Map<String, Object> slot, String what) {
    assertDamaged(fileOf(PLACE, List.of(slot)), "keys.json is not as it must be: slots[0]." + what);
  }

  @Test
  void costsBeyondTheBoundsAreRefusedBeforeAnythingIsComputed() {
    String beyond = "memoryKiB, passes or lanes are beyond their bounds";
    assertSlotRefused(passphraseSlot(4L << 30, 3, 4), beyond);
    assertSlotRefused(passphraseSlot(65_536, 1L << 31, 4), beyond);
    assertSlotRefused(passphraseSlot(65_536, 3, 0), beyond);
    assertSlotRefused(passphraseSlot(-65_536, 3, 4), beyond);
    assertSlotRefused(passphraseSlot(65_536, -1, 4), beyond);
    assertSlotRefused(passphraseSlot(65_536, 3, -4), beyond);
    assertSlotRefused(passphraseSlot(Long.MAX_VALUE, 3, 4), beyond);
    assertSlotRefused(passphraseSlot("65536", 3, 4), "memoryKiB must be a whole number");
  }

  @Test
  void oneSlotThatIsWrongSpoilsAllBeforeAnythingIsComputed() {
    byte[] file =
        fileOf(PLACE, List.of(passphraseSlot(19_456, 2, 1), passphraseSlot(19_456, 17, 1)));
    assertDamaged(
        file,
        "keys.json is not as it must be: slots[1].memoryKiB, passes or lanes are beyond their"
            + " bounds");
  }

  @Test
  void textsThatNoSlotCanHoldAreRefused() {
    Map<String, Object> passphrase = passphraseSlot(19_456, 2, 1);
    String salt = "salt must be base64 of 16 to 64 bytes";
    assertSlotRefused(with(passphrase, Map.of("salt", Base64Text.of(new byte[15]))), salt);
    assertSlotRefused(with(passphrase, Map.of("salt", Base64Text.of(new byte[65]))), salt);
    assertSlotRefused(with(passphrase, Map.of("salt", SALT.replace("=", ""))), salt);
    assertSlotRefused(with(passphrase, Map.of("salt", "AAAAAAAAAAAAAAAAAAAAAB==")), salt);
    assertSlotRefused(with(passphrase, Map.of("salt", "\u00e9")), salt);
    String wrapped = "wrapped must be base64 of 138 bytes";
    assertSlotRefused(with(passphrase, Map.of("wrapped", Base64Text.of(new byte[137]))), wrapped);
    assertSlotRefused(with(passphrase, Map.of("wrapped", Base64Text.of(new byte[139]))), wrapped);
    assertSlotRefused(
        new Slot.OfKey("0123456789ABCDEF", WRAPPED).members(), "key must match [0-9a-f]{16}");
    assertSlotRefused(
        new Slot.OfKey("0123456789abcdef", "").members(), "wrapped must be base64 of 138 bytes");
    String enc = Base64Text.of(new byte[32]);
    String sealed = Base64Text.of(new byte[48]);
    assertSlotRefused(
        new Slot.OfRecipient("", enc, sealed).members(), "recipient must match [0-9a-f]{16}");
    assertSlotRefused(
        new Slot.OfRecipient("0123456789abcdef", sealed, sealed).members(),
        "enc must be base64 of 32 bytes");
    assertSlotRefused(
        new Slot.OfRecipient("0123456789abcdef", enc, enc).members(),
        "wrapped must be base64 of 48 bytes");
    assertSlotRefused(new Slot.OfService("kms\n", WRAPPED).members(), "by must match [ -~]{1,200}");
    assertSlotRefused(
        new Slot.OfService("kms", Base64Text.of(new byte[4097])).members(),
        "wrapped must be base64 of 1 to 4096 bytes");
    assertSlotRefused(Map.of("kind", "key"), "type is missing");
  }

  @Test
  void aMillionSlotsAreRefused() {
    assertDamaged(
        fileOf(PLACE, Collections.nCopies(1_000_000, Map.of())),
        "keys.json is larger than 65536 bytes");
    assertDamaged(
        fileOf(PLACE, Collections.nCopies(2000, Map.of())),
        "keys.json is not as it must be: slots must be 1 to 16, there are 2000");
    assertDamaged(
        fileOf(PLACE, List.of()),
        "keys.json is not as it must be: slots must be 1 to 16, there are 0");
  }

  @Test
  void manySaltsAreRefused() throws IOException {
    List<Map<String, Object>> slots = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] salt = new byte[16];
      salt[0] = (byte) i;
      slots.add(with(passphraseSlot(19_456, 2, 1), Map.of("salt", Base64Text.of(salt))));
    }
    assertDamaged(
        fileOf(PLACE, slots),
        "keys.json is not as it must be: the passphrase slots have 5 different salts and costs, at"
            + " most 4 are allowed");
    assertThat(opening(fileOf(PLACE, slots.subList(0, 4)))).isInstanceOf(WrongKeyException.class);
    assertThat(kdf.calls).hasSize(4);
  }

  @Test
  void whatIsNoKeysFileIsDamaged() throws IOException {
    assertDamaged(new byte[0], "keys.json is not as it must be: not a JSON object");
    assertDamaged(new byte[65_537], "keys.json is larger than 65536 bytes");
    assertDamaged(
        file("{}", "0".repeat(63)),
        "keys.json is not as it must be: mac must be 64 lower-case hexadecimal digits");
    assertDamaged(
        file("{}", "A".repeat(64)),
        "keys.json is not as it must be: mac must be 64 lower-case hexadecimal digits");
    assertDamaged(file("{}", MAC), "keys.json is not as it must be: series is missing");
    assertDamaged(
        "{\"format\": 0}".getBytes(UTF_8),
        "keys.json is not as it must be: format must be at least 1");
  }

  @Test
  void aNewerFormatNeedsANewerVersion() {
    Throwable thrown = opening("{\"format\": 2}".getBytes(UTF_8));
    assertThat(thrown)
        .isInstanceOf(WrongKeyException.class)
        .hasMessage("keys.json has format 2, this version reads format 1: it needs a newer version"
            + " of Lifeboat");
    assertThat(((WrongKeyException) thrown).isFromNewerVersion()).isTrue();
  }

  @Test
  void slotsOfUnknownKindsArePassedOver() throws IOException {
    DataKey dataKey = DataKey.random(PLACE);
    Slot known = new KeyReader(key).write(dataKey.bytes(), PLACE);
    for (Map<String, Object> unknown : List.of(
        Map.<String, Object>of("type", "mlkem768-x25519", "anything", List.of(1)),
        with(passphraseSlot(19_456, 2, 1), Map.of("kdf", "argon3")))) {
      Map<String, Object> keys = new LinkedHashMap<>();
      keys.put("series", PLACE.series());
      keys.put("backup", PLACE.backup());
      keys.put("slots", List.of(unknown, known.members()));
      String text = new String(Json.write(keys), UTF_8);
      byte[] file = file(text, dataKey.macOfKeys(text.getBytes(UTF_8)));
      try (Seal seal = Encryption.key(key).open(file, PLACE.series(), PLACE.backup())) {
        assertThat(seal.dataKey().bytes()).isEqualTo(dataKey.bytes());
      }
      Throwable thrown = opening(file);
      assertThat(thrown)
          .isInstanceOf(WrongKeyException.class)
          .hasMessage("no slot that this version knows opens, a newer version of Lifeboat may open"
              + " it: its slots are one of an unknown kind, key " + key.id()
              + "; this has passphrase");
      assertThat(((WrongKeyException) thrown).isFromNewerVersion()).isTrue();
    }
    assertThat(kdf.calls).isEmpty();
  }

  @Test
  void everyBitThatIsChangedIsFound() throws IOException {
    for (Encryption encryption : List.of(passphrase("correct horse"), Encryption.key(key))) {
      Seal made = encryption.seal(PLACE.series(), PLACE.backup());
      for (int bit = 0; bit < 8 * made.keys().length; bit++) {
        assertChangeIsFound(encryption, made.keys(), bit);
      }
    }
  }

  @Test
  void everyByteThatIsChangedInARecipientsFileIsFound() throws IOException {
    Encryption encryption = Encryption.identity(identity);
    byte[] keys = encryption.seal(PLACE.series(), PLACE.backup()).keys();
    for (int at = 0; at < keys.length; at++) {
      assertChangeIsFound(encryption, keys, 8 * at + at % 8);
    }
  }

  private static void assertChangeIsFound(Encryption encryption, byte[] keys, int bit) {
    byte[] changed = keys.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    assertThat(catchThrowable(() -> encryption.open(changed, PLACE.series(), PLACE.backup())))
        .as("bit %s", bit)
        .isInstanceOfAny(DamagedDataException.class, WrongKeyException.class);
  }

  @Test
  void everyCutIsFound() throws IOException {
    byte[] keys = Encryption.key(key).seal(PLACE.series(), PLACE.backup()).keys();
    for (int length = 0; length < keys.length - 1; length++) { // but for the last line end
      byte[] cut = Arrays.copyOf(keys, length);
      assertThat(
              catchThrowable(() -> Encryption.key(key).open(cut, PLACE.series(), PLACE.backup())))
          .as("cut to %s", length)
          .isInstanceOf(DamagedDataException.class);
    }
  }

  @Test
  void theKeysOfAnotherBackupOrSeriesAreRefused() throws IOException {
    byte[] keys =
        passphrase("correct horse").seal(PLACE.series(), PLACE.backup()).keys();
    kdf.calls.clear();
    for (Place other : List.of(
        new Place("shop2", PLACE.backup()),
        new Place(PLACE.series(), "20260215T143045Z-manual-k7f3q2ab"))) {
      assertThatThrownBy(
              () -> passphrase("correct horse").open(keys, other.series(), other.backup()))
          .isInstanceOf(DamagedDataException.class)
          .hasMessage("keys.json belongs to another backup than " + other.name());
    }
    assertThat(kdf.calls).isEmpty();
  }

  @Test
  void aSlotOfAnotherBackupUnderTheRightNameDoesNotOpen() throws IOException {
    Place other = new Place(PLACE.series(), "20260215T143045Z-manual-k7f3q2ab");
    DataKey dataKey = DataKey.random(PLACE);
    KeysFile moved = KeysFile.of(
        dataKey,
        List.of(
            new KeyReader(key).write(dataKey.bytes(), other),
            new RecipientWriter(identity.recipient()).write(dataKey.bytes(), other)));
    assertThatThrownBy(
            () -> Encryption.key(key).open(moved.write(), PLACE.series(), PLACE.backup()))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("the slot for key " + key.id() + " is damaged, or belongs to another backup");
    assertThatThrownBy(
            () -> Encryption.identity(identity).open(moved.write(), PLACE.series(), PLACE.backup()))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("what is sealed for recipient " + identity.recipient().id()
            + " is damaged, or belongs to another backup: it does not prove right");
  }

  @Test
  void aSlotThatGivesAnotherDataKeyDoesNotOpen() throws IOException {
    DataKey right = DataKey.random(PLACE);
    DataKey wrong = DataKey.random(PLACE);
    BackupKey other = BackupKey.generate();
    KeysFile file = KeysFile.of(
        right,
        List.of(
            new KeyReader(key).write(right.bytes(), PLACE),
            new KeyReader(other).write(wrong.bytes(), PLACE)));
    Seal opened = Encryption.key(key).open(file.write(), PLACE.series(), PLACE.backup());
    assertThat(opened.dataKey().bytes()).isEqualTo(right.bytes());
    assertThatThrownBy(
            () -> Encryption.key(other).open(file.write(), PLACE.series(), PLACE.backup()))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("keys.json is damaged: a slot for key " + other.id()
            + " opens, and its key does not prove the rest right");
  }

  @Test
  void ofTwoSlotsThatOpenWithOnePassphraseTheOneThatTheMacProvesCounts() throws IOException {
    DataKey right = DataKey.random(PLACE);
    DataKey wrong = DataKey.random(PLACE);
    char[] text = "correct horse".toCharArray();
    List<Slot> slots = new ArrayList<>(List.of(
        new Passphrase(text, CHEAP, kdf).write(wrong.bytes(), PLACE),
        new Passphrase(text, CHEAP, kdf).write(right.bytes(), PLACE)));
    for (int order = 0; order < 2; order++) {
      KeysFile file = KeysFile.of(right, slots);
      Seal opened = passphrase("correct horse").open(file.write(), PLACE.series(), PLACE.backup());
      assertThat(opened.dataKey().bytes()).isEqualTo(right.bytes());
      Collections.reverse(slots);
    }
    byte[] neither = KeysFile.of(DataKey.random(PLACE), slots).write();
    assertThat(opening(neither))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("keys.json is damaged: a slot for passphrase opens, and its key does not prove"
            + " the rest right");
  }

  @Test
  void aSlotThatWasPutInIsFound() throws IOException {
    DataKey dataKey = DataKey.random(PLACE);
    Slot own = new KeyReader(key).write(dataKey.bytes(), PLACE);
    KeysFile honest = KeysFile.of(dataKey, List.of(own));
    Slot added = new RecipientWriter(identity.recipient()).write(dataKey.bytes(), PLACE);
    KeysFile other = KeysFile.of(DataKey.random(PLACE), List.of(own, added));
    byte[] forged = file(other.keys(), honest.mac());
    assertThatThrownBy(() -> Encryption.key(key).open(forged, PLACE.series(), PLACE.backup()))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("keys.json is damaged: a slot for key " + key.id()
            + " opens, and its key does not prove the rest right");
  }

  @Test
  void theSlotThatProvesTheWriterIsPreferred() throws IOException {
    Encryption writer = passphrase("correct horse").alsoFor(identity.recipient());
    Seal made = writer.seal(PLACE.series(), PLACE.backup());
    Encryption reader = Encryption.identity(identity);
    assertThat(reader.open(made.keys(), PLACE.series(), PLACE.backup()).provesOrigin())
        .isFalse();
    assertThat(reader
            .alsoReading(passphrase("correct horse"))
            .open(made.keys(), PLACE.series(), PLACE.backup())
            .provesOrigin())
        .isTrue();
    assertThat(reader
            .alsoReading(passphrase("wrong horse"))
            .open(made.keys(), PLACE.series(), PLACE.backup())
            .provesOrigin())
        .isFalse();
  }

  @Test
  void aListingDoesNotWorkForStrangersForEver() throws IOException {
    AtomicInteger work = new AtomicInteger();
    Kdf counting = (passphrase, salt, cost) -> {
      work.incrementAndGet();
      return Hkdf.SHA_384.expand(passphrase, salt, 32);
    };
    Encryption own = Encryption.passphrase("correct horse".toCharArray(), CHEAP, counting);
    byte[] ours = own.seal(PLACE.series(), PLACE.backup()).keys();
    Encryption dear =
        Encryption.passphrase("battery staple".toCharArray(), new Cost(1 << 16, 3, 4), counting);
    byte[] costly = dear.seal(PLACE.series(), PLACE.backup()).keys();
    work.set(0);
    assertThatThrownBy(() -> own.openCheaply(costly, PLACE.series(), PLACE.backup()))
        .isInstanceOf(WrongKeyException.class)
        .hasMessage("its passphrase slot was not tried, for that takes much work and did not open"
            + " too many others; verify it by its id");
    assertThat(work).hasValue(0);
    for (int i = 0; i < 40; i++) {
      byte[] strange = Encryption.passphrase(
              "battery staple".toCharArray(), CHEAP, (p, salt, c) -> new byte[32])
          .seal(PLACE.series(), PLACE.backup())
          .keys();
      assertThatThrownBy(() -> own.openCheaply(strange, PLACE.series(), PLACE.backup()))
          .isInstanceOf(WrongKeyException.class);
    }
    assertThat(work).hasValue(16);
    own.openCheaply(ours, PLACE.series(), PLACE.backup()); // its work was done
    assertThatThrownBy(() -> own.open(costly, PLACE.series(), PLACE.backup()))
        .isInstanceOf(WrongKeyException.class)
        .hasMessage("no passphrase slot opens with this passphrase: its slots are passphrase; this"
            + " has passphrase");
    assertThat(work).hasValue(17);
  }

  @Test
  void aPassphraseThatThisHeapCannotAffordDoesNotHinderAnotherReader() throws IOException {
    byte[] keys = passphrase("correct horse")
        .alsoFor(key)
        .seal(PLACE.series(), PLACE.backup())
        .keys();
    Encryption small =
        Encryption.passphrase("correct horse".toCharArray(), CHEAP, new Argon2(32 << 20));
    assertThatThrownBy(() -> small.open(keys, PLACE.series(), PLACE.backup()))
        .isInstanceOf(WrongKeyException.class)
        .hasMessage("the passphrase takes 19 MiB of memory to check, more than half of this heap of"
            + " 32 MiB: give the JVM more with -Xmx");
    Seal opened = small.alsoReading(Encryption.key(key)).open(keys, PLACE.series(), PLACE.backup());
    assertThat(small.authenticate(Purpose.MARK, MESSAGE, Optional.of(opened)).mac())
        .isPresent();
  }
}
