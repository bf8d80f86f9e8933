package dev.lifeboat.crypto;

import java.util.Objects;
import java.util.Optional;

/**
 * What proves who wrote something, as it is stored.
 *
 * @param mac HMAC-SHA-256 under a key of the backup, in hexadecimal; absent where its writer could not open the backup
 * @param signature Ed25519, in base64; absent where its writer does not sign
 * @param signer the signer's id; there exactly if {@code signature} is
 */
public record Authentication(
    Optional<String> mac, Optional<String> signature, Optional<String> signer) {
  /** Nothing that proves anything: what lies in clear. */
  public static final Authentication NONE =
      new Authentication(Optional.empty(), Optional.empty(), Optional.empty());

  public Authentication {
    Objects.requireNonNull(mac, "mac");
    Objects.requireNonNull(signature, "signature");
    Objects.requireNonNull(signer, "signer");
    if (signature.isPresent() != signer.isPresent()) {
      throw new IllegalArgumentException("a signature and its signer come together");
    }
  }
}
