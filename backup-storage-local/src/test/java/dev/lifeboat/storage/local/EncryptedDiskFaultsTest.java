package dev.lifeboat.storage.local;

import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.testkit.Errand;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;

/** The same with encrypted backups: of the one errand that meets every kind of object, and with more loops of all. */
@Tag("harness")
class EncryptedDiskFaultsTest extends DiskFaultsAtEveryCallTest {
  private final Encryption key = Encryption.key(BackupKey.generate());

  @Override
  public Optional<Encryption> encryption() {
    return Optional.of(key);
  }

  @Override
  public Set<Errand> errands() {
    return Integer.getInteger("loops", 1) > 1
        ? EnumSet.allOf(Errand.class)
        : EnumSet.of(Errand.CREATE_PINNED);
  }
}
