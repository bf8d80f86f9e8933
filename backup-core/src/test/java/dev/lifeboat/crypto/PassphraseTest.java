package dev.lifeboat.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The costly step is done once, and the text is taken for what it says. */
class PassphraseTest {
  private static final Cost CHEAP = new Cost(19 << 10, 2, 1);
  private static final Cost OTHER = new Cost(20 << 10, 2, 1);
  private static final byte[] DATA_KEY = Fingerprint.sha256();

  private final CountingKdf kdf = new CountingKdf();

  private Passphrase passphrase(String text) {
    return new Passphrase(text.toCharArray(), CHEAP, kdf);
  }

  private static Place place(int day) {
    return new Place("shop", "202602" + day + "T143045Z-manual-k7f3q2ab");
  }

  @Test
  void backupsOfOneProcessShareASalt() throws IOException {
    Passphrase passphrase = passphrase("correct horse");
    Slot first = passphrase.write(DATA_KEY, place(14));
    Slot second = passphrase.write(DATA_KEY, place(15));
    assertThat(salt(first)).isEqualTo(salt(second));
    assertThat(passphrase.open(second, place(15)))
        .hasValueSatisfying(key -> assertThat(key).isEqualTo(DATA_KEY));
    assertThat(kdf.calls).hasSize(1);
  }

  @Test
  void processesThatComeAfterEachOtherShareASalt() throws IOException {
    Slot before = passphrase("correct horse").write(DATA_KEY, place(14));
    Passphrase now = passphrase("correct horse");
    now.open(before, place(14));
    assertThat(salt(now.write(DATA_KEY, place(15)))).isEqualTo(salt(before));
  }

  @Test
  void theSaltOfTheNewestBackupIsGoneOnWith() throws IOException {
    Slot older = passphrase("correct horse").write(DATA_KEY, place(14));
    Slot newer = passphrase("correct horse").write(DATA_KEY, place(15));
    Passphrase now = passphrase("correct horse");
    now.open(newer, place(15));
    now.open(older, place(14));
    assertThat(salt(now.write(DATA_KEY, place(16)))).isEqualTo(salt(newer));
  }

  @Test
  void saltsOfOtherPassphrasesAndOtherCostsAreNotGoneOnWith() throws IOException {
    Slot foreign = passphrase("another horse").write(DATA_KEY, place(14));
    Slot dearer =
        new Passphrase("correct horse".toCharArray(), OTHER, kdf).write(DATA_KEY, place(14));
    Passphrase now = passphrase("correct horse");
    assertThat(now.open(foreign, place(14))).isEmpty();
    assertThat(now.open(dearer, place(14))).isPresent();
    assertThat(salt(now.write(DATA_KEY, place(15)))).isNotIn(salt(foreign), salt(dearer));
  }

  @Test
  void aSlotOfAnotherBackupDoesNotOpen() throws IOException {
    Passphrase passphrase = passphrase("correct horse");
    Slot slot = passphrase.write(DATA_KEY, place(14));
    assertThat(passphrase.open(slot, place(15))).isEmpty();
    assertThat(passphrase.open(slot, new Place("shop2", place(14).backup()))).isEmpty();
  }

  @Test
  void whatWasComputedLongAgoIsForgottenAndComputedAgain() throws IOException {
    Passphrase passphrase = passphrase("correct horse");
    Slot first = passphrase("correct horse").write(DATA_KEY, place(14));
    passphrase.open(first, place(14));
    for (int i = 0; i < 256; i++) {
      passphrase.open(passphrase("correct horse").write(DATA_KEY, place(14)), place(14));
    }
    kdf.calls.clear();
    assertThat(passphrase.open(first, place(14))).isPresent();
    assertThat(kdf.calls).hasSize(1);
  }

  @Test
  void theSameLettersInAnotherFormOfUnicodeAreTheSamePassphrase() throws IOException {
    Slot slot = passphrase("caf\u00e9 cr\u00e8me").write(DATA_KEY, place(14));
    assertThat(passphrase("cafe\u0301 cre\u0300me").open(slot, place(14))).isPresent();
    assertThat(passphrase("cafe creme").open(slot, place(14))).isEmpty();
  }

  @Test
  void anyCharacterMayBePartOfIt() throws IOException {
    Slot slot = passphrase("\ud83d\udc0e horse \u4e2d\u6587").write(DATA_KEY, place(14));
    assertThat(passphrase("\ud83d\udc0e horse \u4e2d\u6587").open(slot, place(14)))
        .isPresent();
    assertThat(passphrase("\ud83d\udc0f horse \u4e2d\u6587").open(slot, place(14)))
        .isEmpty();
  }

  @Test
  void whatIsTooShortOrNoTextIsRefused() {
    assertRefused("", "the passphrase is empty");
    String tooShort = "the passphrase is too short: it must have at least 8 characters";
    assertRefused("1234567", tooShort);
    assertRefused("\ud83d\udc0e\ud83d\udc0e\ud83d\udc0e\ud83d\udc0e", tooShort);
    assertRefused("e\u0301e\u0301e\u0301e\u0301e\u0301", tooShort);
    assertRefused("12345678\ud83d", "the passphrase holds half of a surrogate pair");
    assertRefused("\udc0e12345678", "the passphrase holds half of a surrogate pair");
  }

  private void assertRefused(String text, String message) {
    assertThatThrownBy(() -> passphrase(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void theCallersArrayIsCopiedAndLeftAsItIs() throws IOException {
    char[] text = "cafe\u0301 creme".toCharArray();
    Passphrase passphrase = new Passphrase(text, CHEAP, kdf);
    assertThat(text).isEqualTo("cafe\u0301 creme".toCharArray());
    Arrays.fill(text, '\0');
    Slot slot = passphrase("cafe\u0301 creme").write(DATA_KEY, place(14));
    assertThat(passphrase.open(slot, place(14))).isPresent();
  }

  @Test
  void afterDestroyingItNothingIsRemembered() throws IOException {
    Passphrase passphrase = passphrase("correct horse");
    Slot slot = passphrase.write(DATA_KEY, place(14));
    passphrase.destroy();
    assertThat(passphrase.isDestroyed()).isTrue();
    assertThatThrownBy(() -> passphrase.open(slot, place(14)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the passphrase was destroyed");
    assertThatThrownBy(() -> passphrase.write(DATA_KEY, place(14)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the passphrase was destroyed");
  }

  @Test
  void theDefaultIsTheCostThatTheFormatNames() throws IOException {
    Encryption encryption = Encryption.passphrase("correct horse".toCharArray());
    Seal made = encryption.seal("shop", place(14).backup());
    Slot slot = KeysFile.parse(made.keys(), place(14)).slots().get(0);
    assertThat(((Slot.OfPassphrase) slot).cost()).isEqualTo(new Cost(65_536, 3, 4));
    Encryption later = Encryption.passphrase("correct horse".toCharArray());
    Seal opened = later.open(made.keys(), "shop", place(14).backup());
    assertThat(later.authenticate(Purpose.MARK, DATA_KEY, Optional.of(opened)))
        .isEqualTo(encryption.authenticate(Purpose.MARK, DATA_KEY, Optional.of(made)));
  }

  private static String salt(Slot slot) {
    return ((Slot.OfPassphrase) slot).salt();
  }
}
