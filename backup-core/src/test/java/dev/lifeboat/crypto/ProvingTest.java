package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is authentic, and why anything else is not. */
class ProvingTest {
  private static final String SERIES = "shop";
  private static final String BACKUP = "20260214T143045Z-manual-k7f3q2ab";
  private static final byte[] MESSAGE = "a manifest".getBytes(UTF_8);
  private static final byte[] CHANGED = "another manifest".getBytes(UTF_8);

  private final Identity identity = Identity.generate();
  private final Encryption key = Encryption.key(BackupKey.generate());
  private final Encryption office = Encryption.identity(identity);
  private final Encryption host = Encryption.recipients(identity.recipient());
  private final KeyPair pair;

  ProvingTest() throws Exception {
    pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
  }

  private static Trust prove(Encryption reader, Authentication proof, Optional<Seal> seal)
      throws DamagedDataException {
    return reader.prove(Purpose.MANIFEST, MESSAGE, proof, seal, false);
  }

  @Test
  void theRightMacUnderAKeyThatProvesIsEnough() throws IOException {
    Seal made = key.seal(SERIES, BACKUP);
    Authentication proof = key.authenticate(Purpose.MANIFEST, MESSAGE, Optional.of(made));
    assertThat(proof.signature()).isEmpty();
    Seal opened = key.open(made.keys(), SERIES, BACKUP);
    assertThat(prove(key, proof, Optional.of(opened))).isEqualTo(Trust.PROVEN);
  }

  @Test
  void aWrongMacIsDamage() throws IOException {
    Seal made = key.seal(SERIES, BACKUP);
    Authentication proof = key.authenticate(Purpose.MANIFEST, MESSAGE, Optional.of(made));
    assertThatThrownBy(() -> key.prove(Purpose.MANIFEST, CHANGED, proof, Optional.of(made), true))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("the MAC is wrong: the manifest was changed, or is not what was written with"
            + " this backup's key");
    assertThatThrownBy(() -> key.prove(Purpose.MARK, MESSAGE, proof, Optional.of(made), true))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage("the MAC is wrong: the mark was changed, or is not what was written with this"
            + " backup's key");
  }

  @Test
  void whatOpensThroughARecipientsSlotIsProvenByNothingButMore() throws IOException {
    Seal made = host.seal(SERIES, BACKUP);
    Authentication proof = host.authenticate(Purpose.MANIFEST, MESSAGE, Optional.of(made));
    Optional<Seal> opened = Optional.of(office.open(made.keys(), SERIES, BACKUP));
    assertThat(prove(office, proof, opened))
        .isEqualTo(Trust.unproven("it was opened through a recipient's slot, which proves no"
            + " writer, and it is not signed"));
    assertThat(office.prove(Purpose.MANIFEST, MESSAGE, proof, opened, true))
        .isEqualTo(Trust.PROVEN);
  }

  @Test
  void whatCannotBeOpenedIsProvenByASignatureAlone() throws IOException {
    Encryption signing = host.signedBy(pair.getPrivate());
    Seal made = signing.seal(SERIES, BACKUP);
    Authentication proof = signing.authenticate(Purpose.MANIFEST, MESSAGE, Optional.of(made));
    assertThat(prove(signing, proof, Optional.empty())).isEqualTo(Trust.PROVEN);
    assertThat(prove(host.trusting(pair.getPublic()), proof, Optional.empty()))
        .isEqualTo(Trust.PROVEN);
    assertThat(prove(host.alsoReading(signing), proof, Optional.empty())).isEqualTo(Trust.PROVEN);
    assertThat(prove(host, proof, Optional.empty()))
        .isEqualTo(Trust.unproven(
            "it is signed by " + proof.signer().orElseThrow() + ", whom this host does not trust"));
    Authentication unsigned = new Authentication(proof.mac(), Optional.empty(), Optional.empty());
    assertThat(prove(signing, unsigned, Optional.empty()))
        .isEqualTo(Trust.unproven(
            "it cannot be opened here and is not signed by anyone whom this host trusts"));
  }

  @Test
  void whatHasNoProofIsNotProven() throws IOException {
    Seal made = key.seal(SERIES, BACKUP);
    for (Optional<Seal> seal : List.of(Optional.of(made), Optional.<Seal>empty())) {
      assertThat(key.prove(Purpose.MANIFEST, MESSAGE, Authentication.NONE, seal, true))
          .isEqualTo(Trust.unproven("it has no signature and no MAC"));
    }
  }

  @Test
  void aBadSignatureOfATrustedSignerIsDamageWhateverTheMacSays() throws IOException {
    Encryption signing = key.signedBy(pair.getPrivate());
    Seal made = signing.seal(SERIES, BACKUP);
    Authentication proof = signing.authenticate(Purpose.MANIFEST, MESSAGE, Optional.of(made));
    String signer = proof.signer().orElseThrow();
    Authentication ofAnother = signing.authenticate(Purpose.MANIFEST, CHANGED, Optional.empty());
    assertBad(
        proof,
        ofAnother.signature().orElseThrow(),
        "the signature of " + signer
            + " is wrong: the manifest was changed, or is not what was signed",
        made);
    assertBad(proof, "?", "the signature is not base64", made);
    assertBad(proof, Base64Text.of(new byte[63]), "the signature does not have 64 bytes", made);
  }

  private void assertBad(Authentication proof, String signature, String message, Seal seal) {
    Authentication changed =
        new Authentication(proof.mac(), Optional.of(signature), proof.signer());
    Encryption reader = key.trusting(pair.getPublic());
    assertThatThrownBy(() -> prove(reader, changed, Optional.of(seal)))
        .isInstanceOf(DamagedDataException.class)
        .hasMessage(message);
  }

  @Test
  void theIdOfAStrangerIsQuotedOnlyIfItLooksLikeOne() throws IOException {
    Authentication proof = new Authentication(
        Optional.empty(), Optional.of("AAAA"), Optional.of("\u001b[31m\nan operator"));
    assertThat(prove(key, proof, Optional.empty()))
        .isEqualTo(Trust.unproven("it is signed by somebody, whom this host does not trust"));
  }
}
