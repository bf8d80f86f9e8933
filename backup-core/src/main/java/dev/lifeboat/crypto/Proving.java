package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import java.util.List;
import java.util.Optional;

/** Finds out whether it is proven who wrote one message. */
final class Proving {
  private final List<Trusted> trusted;
  private final Purpose purpose;
  private final byte[] message;
  private final Authentication authentication;

  /** With the signers whom this host trusts. */
  Proving(List<Trusted> trusted, Purpose purpose, byte[] message, Authentication authentication) {
    this.trusted = trusted;
    this.purpose = purpose;
    this.message = message;
    this.authentication = authentication;
  }

  Trust prove(Optional<Seal> seal, boolean keyProven) throws DamagedDataException {
    if (isSignedByTrusted()) {
      return Trust.PROVEN;
    } else if (seal.isPresent() && authentication.mac().isPresent()) {
      requireMac(seal.get(), authentication.mac().get());
      return seal.get().provesOrigin() || keyProven
          ? Trust.PROVEN
          : Trust.unproven(stranger()
              .orElse("it was opened through " + seal.get().unproven()
                  + ", which proves no writer, and it is not signed"));
    } else if (authentication.signature().isEmpty() && authentication.mac().isEmpty()) {
      return Trust.unproven("it has no signature and no MAC");
    }
    return Trust.unproven(stranger()
        .orElse("it cannot be opened here and is not signed by anyone whom this host trusts"));
  }

  private boolean isSignedByTrusted() throws DamagedDataException {
    if (authentication.signature().isEmpty()) {
      return false;
    }
    String signer = authentication.signer().orElse("");
    List<Trusted> named =
        trusted.stream().filter(one -> one.id().equals(signer)).toList();
    if (named.isEmpty()) {
      return false;
    }
    byte[] signature = signature(authentication.signature().get());
    if (named.stream().noneMatch(one -> Ed25519.verify(one.key(), purpose, message, signature))) {
      throw new DamagedDataException("the signature of " + signer + " is wrong: the "
          + purpose.label() + " was changed, or is not what was signed");
    }
    return true;
  }

  private static byte[] signature(String text) throws DamagedDataException {
    try {
      byte[] signature = Base64Text.bytes(text);
      if (signature.length == Ed25519.SIGNATURE) {
        return signature;
      }
    } catch (IllegalArgumentException e) {
      throw new DamagedDataException("the signature is not base64", e);
    }
    throw new DamagedDataException("the signature does not have 64 bytes");
  }

  private void requireMac(Seal seal, String mac) throws DamagedDataException {
    if (!DataKey.isSameMac(mac, seal.dataKey().mac(purpose, message))) {
      throw new DamagedDataException("the MAC is wrong: the " + purpose.label()
          + " was changed, or is not what was written with this backup's key");
    }
  }

  /** Who signed it, if that is nobody whom this host trusts; only what looks like an id is quoted. */
  private Optional<String> stranger() {
    return authentication
        .signer()
        .map(signer -> "it is signed by "
            + (Fingerprint.ID.matcher(signer).matches() ? signer : "somebody")
            + ", whom this host does not trust");
  }
}
