package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.codec.EncodingStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Who opens what, and what that proves. */
class EncryptionTest {
  private static final String SERIES = "shop";
  private static final String BACKUP = "20260214T143045Z-manual-k7f3q2ab";
  private static final byte[] CONTENT = "what nobody else may read".getBytes(UTF_8);

  private static Encryption passphrase(String text) {
    return Encryption.passphrase(text.toCharArray(), new Cost(19 << 10, 2, 1), Argon2.here());
  }

  @Test
  void everyKindOfReaderOpensWhatWasMadeForIt() throws IOException {
    Identity identity = Identity.generate();
    BackupKey key = BackupKey.generate();
    for (Encryption encryption : new Encryption[] {
      passphrase("correct horse"), Encryption.key(key), Encryption.identity(identity)
    }) {
      Seal made = encryption.seal(SERIES, BACKUP);
      assertSame(made, encryption.open(made.keys(), SERIES, BACKUP));
    }
    Seal made = Encryption.recipients(identity.recipient()).seal(SERIES, BACKUP);
    assertSame(made, Encryption.identity(identity).open(made.keys(), SERIES, BACKUP));
  }

  private static void assertSame(Seal made, Seal opened) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = made.codec("orders").encode(out, Runnable::run)) {
      stream.write(CONTENT);
      stream.finish();
    }
    try (InputStream in =
        opened.codec("orders").decode(new ByteArrayInputStream(out.toByteArray()))) {
      assertThat(in.readAllBytes()).isEqualTo(CONTENT);
    }
    assertThat(opened.reveal(made.conceal(CONTENT, "details"), "details")).isEqualTo(CONTENT);
  }

  @Test
  void whatIsSignedByATrustedKeyIsAuthentic() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Identity identity = Identity.generate();
    Encryption host = Encryption.recipients(identity.recipient()).signedBy(pair.getPrivate());
    Encryption office = Encryption.identity(identity);
    Seal made = host.seal(SERIES, BACKUP);
    Authentication proof = host.authenticate(Purpose.MANIFEST, CONTENT, Optional.of(made));
    Optional<Seal> opened = Optional.of(office.open(made.keys(), SERIES, BACKUP));

    assertThat(office
            .trusting(pair.getPublic())
            .prove(Purpose.MANIFEST, CONTENT, proof, opened, false))
        .isEqualTo(Trust.PROVEN);
    assertThat(office.prove(Purpose.MANIFEST, CONTENT, proof, opened, true))
        .isEqualTo(Trust.PROVEN);
    assertThat(office.prove(Purpose.MANIFEST, CONTENT, proof, opened, false))
        .isEqualTo(Trust.unproven(
            "it is signed by " + proof.signer().orElseThrow() + ", whom this host does not trust"));
    assertThatThrownBy(() -> host.prove(Purpose.MARK, CONTENT, proof, Optional.empty(), false))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("the signature of " + proof.signer().orElseThrow()
            + " is wrong: the mark was changed, or is not what was signed");
  }

  @Test
  void theWordsOfAMarkAreForTheRecipientsAlone() throws IOException {
    Identity identity = Identity.generate();
    Encryption host = Encryption.recipients(identity.recipient());
    var sealed = host.conceal(CONTENT, SERIES, BACKUP);
    assertThat(Encryption.identity(identity).reveal(sealed, SERIES, BACKUP))
        .hasValueSatisfying(words -> assertThat(words).isEqualTo(CONTENT));
    assertThat(Encryption.identity(Identity.generate()).reveal(sealed, SERIES, BACKUP))
        .isEmpty();
    assertThat(passphrase("correct horse").conceal(CONTENT, SERIES, BACKUP)).isEmpty();
  }

  @Test
  void newSlotsAreForTheReadersOfNow() throws IOException {
    Encryption old = passphrase("correct horse");
    BackupKey key = BackupKey.generate();
    Encryption now = Encryption.key(key).alsoReading(old);
    Seal made = old.seal(SERIES, BACKUP);
    Seal opened = now.open(made.keys(), SERIES, BACKUP);
    assertThat(now.isWrapped(made.keys(), opened)).isFalse();
    Seal again = now.rewrap(opened);
    assertThat(now.isWrapped(again.keys(), opened)).isTrue();
    assertSame(made, Encryption.key(key).open(again.keys(), SERIES, BACKUP));
  }

  @Test
  void whoHasNoneOfTheSecretsIsToldWhatThereIs() throws IOException {
    Identity identity = Identity.generate();
    Seal made = passphrase("correct horse").alsoFor(identity.recipient()).seal(SERIES, BACKUP);
    String there = "its slots are passphrase, recipient " + identity.recipient().id();
    BackupKey key = BackupKey.generate();
    assertThatThrownBy(() -> Encryption.key(key).open(made.keys(), SERIES, BACKUP))
        .isInstanceOf(WrongKeyException.class)
        .hasMessage("made for other readers: " + there + "; this has key " + key.id());
    assertThatThrownBy(() -> passphrase("wrong horse").open(made.keys(), SERIES, BACKUP))
        .isInstanceOf(WrongKeyException.class)
        .hasMessage(
            "no passphrase slot opens with this passphrase: " + there + "; this has passphrase");
    assertThatThrownBy(
            () -> Encryption.recipients(identity.recipient()).open(made.keys(), SERIES, BACKUP))
        .isInstanceOf(WrongKeyException.class)
        .hasMessage("made for other readers: " + there
            + "; this host can only write: it has recipients, and no identity, key or passphrase");
  }

  @Test
  void thereMayBeSixteenReadersAndEachOpensIt() throws IOException {
    List<Identity> identities = Stream.generate(Identity::generate).limit(14).toList();
    BackupKey key = BackupKey.generate();
    Encryption all = passphrase("correct horse")
        .alsoFor(key)
        .alsoFor(identities.stream().map(Identity::recipient).toArray(Recipient[]::new));
    Seal made = all.seal(SERIES, BACKUP);
    assertSame(made, passphrase("correct horse").open(made.keys(), SERIES, BACKUP));
    assertSame(made, Encryption.key(key).open(made.keys(), SERIES, BACKUP));
    for (Identity identity : identities) {
      assertSame(made, Encryption.identity(identity).open(made.keys(), SERIES, BACKUP));
    }
    assertThatThrownBy(() -> all.alsoFor(BackupKey.generate()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a backup has at most 16 readers; these are 17");
  }

  @Test
  void aReaderIsGivenOnce() {
    BackupKey key = BackupKey.generate();
    Identity identity = Identity.generate();
    Recipient recipient = identity.recipient();
    String twice = "recipient " + recipient.id() + " is a reader already";
    assertThatThrownBy(() -> Encryption.key(key).alsoFor(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(key + " is a reader already");
    assertThatThrownBy(() -> Encryption.identity(identity).alsoFor(recipient))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(twice);
    assertThatThrownBy(() -> Encryption.recipients(recipient, recipient))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(twice);
  }

  @Test
  void anOlderReaderOpensAndIsNeverWrittenFor() throws IOException {
    BackupKey old = BackupKey.generate();
    BackupKey now = BackupKey.generate();
    Encryption rotated = Encryption.key(now).alsoReading(Encryption.key(old));
    Seal before = Encryption.key(old).seal(SERIES, BACKUP);
    assertSame(before, rotated.open(before.keys(), SERIES, BACKUP));
    byte[] keys = rotated.seal(SERIES, BACKUP).keys();
    assertThatThrownBy(() -> Encryption.key(old).open(keys, SERIES, BACKUP))
        .isInstanceOf(WrongKeyException.class)
        .hasMessage("made for other readers: its slots are " + now + "; this has " + old);
  }

  @Test
  void itIsKnownWhatCanBeOpenedAndProven() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Identity identity = Identity.generate();
    Encryption recipients = Encryption.recipients(identity.recipient());
    Encryption key = Encryption.key(BackupKey.generate());
    assertCan(passphrase("correct horse"), true, true);
    assertCan(key, true, true);
    assertCan(Encryption.identity(identity), true, false);
    assertCan(recipients, false, false);
    assertCan(recipients.signedBy(pair), false, true);
    assertCan(recipients.trusting(pair.getPublic()), false, true);
    assertCan(recipients.alsoReading(key), true, true);
    assertCan(recipients.alsoReading(recipients.signedBy(pair)), false, true);
  }

  private static void assertCan(Encryption encryption, boolean open, boolean prove) {
    assertThat(encryption.canOpen()).isEqualTo(open);
    assertThat(encryption.canProve()).isEqualTo(prove);
  }

  @Test
  void newSlotsDoNotMakeAnUnprovenBackupAuthentic() throws IOException {
    Identity identity = Identity.generate();
    BackupKey key = BackupKey.generate();
    Seal forged = Encryption.recipients(identity.recipient()).seal(SERIES, BACKUP);
    Encryption office = Encryption.key(key).alsoReading(Encryption.identity(identity));
    Seal opened = office.open(forged.keys(), SERIES, BACKUP);
    assertThat(forged.provesOrigin()).isTrue();
    assertThat(opened.provesOrigin()).isFalse();
    assertThat(office.rewrap(opened).provesOrigin()).isFalse();
  }

  @Test
  void slotsAreAsWrittenOnlyForExactlyTheReadersOfNow() throws IOException {
    Identity identity = Identity.generate();
    Encryption one = passphrase("correct horse");
    Encryption two = one.alsoFor(identity.recipient());
    Seal ofOne = one.seal(SERIES, BACKUP);
    Seal ofTwo = two.rewrap(ofOne);
    assertThat(one.isWrapped(ofOne.keys(), ofOne)).isTrue();
    assertThat(two.isWrapped(ofTwo.keys(), ofOne)).isTrue();
    assertThat(two.isWrapped(ofOne.keys(), ofOne)).isFalse();
    assertThat(one.isWrapped(ofTwo.keys(), ofOne)).isFalse();
    assertThat(passphrase("other horse").isWrapped(ofOne.keys(), ofOne)).isFalse();
    assertThat(one.isWrapped(one.seal(SERIES, BACKUP).keys(), ofOne)).isFalse();
    assertThat(one.isWrapped(new byte[0], ofOne)).isFalse();
    Encryption dearer = Encryption.passphrase(
        "correct horse".toCharArray(), new Cost(20 << 10, 2, 1), new CountingKdf());
    assertThat(dearer.isWrapped(ofOne.keys(), ofOne)).isFalse();
  }

  @Test
  void everyBackupHasADataKeyOfItsOwn() throws IOException {
    Encryption encryption = Encryption.key(BackupKey.generate());
    assertThat(encryption.seal(SERIES, BACKUP).dataKey().bytes())
        .isNotEqualTo(encryption.seal(SERIES, BACKUP).dataKey().bytes());
  }

  @Test
  void whatIsSealedForOneUseOpensForNoOther() throws IOException {
    Seal seal = Encryption.key(BackupKey.generate()).seal(SERIES, BACKUP);
    String details = seal.conceal(CONTENT, "details");
    for (String wrong : new String[] {"mark", "slot"}) {
      assertThatThrownBy(() -> seal.reveal(details, wrong))
          .isInstanceOf(DamagedDataException.class)
          .hasMessage("the encrypted data is damaged, or belongs to another key, component or"
              + " backup: its header does not prove right");
    }
    assertThatThrownBy(() -> seal.reveal("?", "details"))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("what is sealed is not base64");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = seal.codec("orders").encode(out, Runnable::run)) {
      stream.write(CONTENT);
      stream.finish();
    }
    assertThatThrownBy(() -> seal.codec("users")
            .decode(new ByteArrayInputStream(out.toByteArray()))
            .read())
        .isInstanceOf(DamagedDataException.class);
  }

  @Test
  void aClosedSealIsUsedNoMoreAndItsOpenStreamsGoOn() throws IOException {
    Encryption encryption = Encryption.key(BackupKey.generate());
    Seal made = encryption.seal(SERIES, BACKUP);
    Seal other = encryption.open(made.keys(), SERIES, BACKUP);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = made.codec("orders").encode(out, Runnable::run)) {
      made.close();
      stream.write(CONTENT);
      stream.finish();
    }
    InputStream in = other.codec("orders").decode(new ByteArrayInputStream(out.toByteArray()));
    other.close();
    assertThat(in.readAllBytes()).isEqualTo(CONTENT);
    assertDestroyed(
        "the data key was destroyed",
        () -> made.codec("orders").encode(out, Runnable::run),
        () -> made.codec("orders").decode(InputStream.nullInputStream()),
        () -> made.conceal(CONTENT, "details"),
        () -> made.reveal("", "details"),
        () -> encryption.rewrap(made),
        () -> encryption.authenticate(Purpose.MARK, CONTENT, Optional.of(made)));
  }

  @Test
  void destroyingOneDestroysAllThatCameOfIt() throws IOException {
    Encryption first = passphrase("correct horse");
    Encryption second = first.alsoFor(BackupKey.generate());
    Encryption third = Encryption.key(BackupKey.generate()).alsoReading(second);
    byte[] keys = first.seal(SERIES, BACKUP).keys();
    second.destroy();
    for (Encryption each : List.of(first, second, third)) {
      assertThat(each.isDestroyed()).isTrue();
      assertDestroyed(
          "this encryption was destroyed",
          () -> each.seal(SERIES, BACKUP),
          () -> each.open(keys, SERIES, BACKUP),
          () -> each.conceal(CONTENT, SERIES, BACKUP),
          () -> each.reveal(List.of(), SERIES, BACKUP),
          each::canOpen,
          each::canProve,
          () -> each.alsoFor(BackupKey.generate()),
          () -> each.authenticate(Purpose.MARK, CONTENT, Optional.empty()));
    }
  }

  private static void assertDestroyed(String message, ThrowingCallable... uses) {
    for (ThrowingCallable use : uses) {
      assertThatThrownBy(use).isInstanceOf(IllegalStateException.class).hasMessage(message);
    }
  }

  @Test
  void theKeysOfTheCallerAreCopied() throws IOException {
    BackupKey key = BackupKey.generate();
    Identity identity = Identity.generate();
    Encryption encryption = Encryption.identity(identity).alsoFor(key);
    BackupKey same = BackupKey.parse(key.text());
    key.destroy();
    identity.destroy();
    Seal made = encryption.seal(SERIES, BACKUP);
    byte[] given = made.keys();
    Arrays.fill(made.keys(), (byte) 0);
    assertThat(made.keys()).isEqualTo(given);
    assertSame(made, encryption.open(given, SERIES, BACKUP));
    encryption.destroy();
    assertSame(made, Encryption.key(same).open(given, SERIES, BACKUP));
  }

  @Test
  void itsTextHoldsKindsAndIdsOnly() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    BackupKey key = BackupKey.generate();
    Recipient recipient = Identity.generate().recipient();
    String signer = Trusted.of(pair.getPublic()).id();
    assertThat(passphrase("correct horse").alsoFor(key).alsoFor(recipient).signedBy(pair))
        .hasToString("encryption for passphrase, key " + key.id() + ", recipient "
            + recipient.id() + "; opens with passphrase, key " + key.id() + "; signed by "
            + signer + "; trusts " + signer);
    assertThat(Encryption.key(key).seal(SERIES, BACKUP))
        .hasToString("seal of shop/20260214T143045Z-manual-k7f3q2ab");
  }

  @Test
  void warmingUpKeepsAnInterruptAndGoesOnWhenItIsCalledAgain() {
    Encryption encryption = Encryption.key(BackupKey.generate());
    Thread.currentThread().interrupt();
    encryption.warmUp();
    assertThat(Thread.interrupted()).isTrue();
    encryption.warmUp();
    assertThat(WarmUp.left()).isZero();
    Encryption.key(BackupKey.generate()).warmUp(); // has nothing to do
  }
}
