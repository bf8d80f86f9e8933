package dev.lifeboat;

import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.crypto.Trust;
import dev.lifeboat.sink.Digest;
import java.util.Optional;

/**
 * A manifest as it was read: whole, and opened as far as this host can.
 *
 * @param manifest with what was sealed, unless it is locked
 * @param digest of its exact bytes
 * @param trust whether it is proven who wrote it; where no encryption is configured nobody asks for that
 * @param locked why what is sealed cannot be read here
 * @param seal the backup's key, if it is encrypted and not locked
 */
record Opened(
    Manifest manifest,
    Digest digest,
    Trust trust,
    Optional<Keys.Locked> locked,
    Optional<Seal> seal)
    implements AutoCloseable {

  /** Why nothing proves who wrote it; empty if something does. */
  Optional<String> untrusted() {
    return trust.isProven() ? Optional.empty() : Optional.of(trust.why());
  }

  /** Wipes the key. */
  @Override
  public void close() {
    seal.ifPresent(Seal::close);
  }
}
