package dev.lifeboat;

import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;

/** Who writes an encrypted fleet, and who reads it. */
enum Crew {
  /** One key writes and reads. */
  KEY {
    @Override
    Encryption writer() {
      return Encryption.key(SECRET);
    }

    @Override
    Encryption reader() {
      return Encryption.key(SECRET);
    }
  },
  /** Written with a key, for a recipient too, and signed; that recipient reads. */
  KEY_AND_RECIPIENT {
    @Override
    Encryption writer() {
      return Encryption.key(SECRET).alsoFor(OFFICE.recipient()).signedBy(HOST.getPrivate());
    }

    @Override
    Encryption reader() {
      return Encryption.identity(OFFICE).trusting(HOST.getPublic());
    }
  },
  /** Written for a recipient by a host that cannot read it, and signed. */
  SIGNED {
    @Override
    Encryption writer() {
      return Encryption.recipients(OFFICE.recipient()).signedBy(HOST.getPrivate());
    }

    @Override
    Encryption reader() {
      return Encryption.identity(OFFICE).trusting(HOST.getPublic());
    }
  };

  static final BackupKey SECRET = BackupKey.generate();
  static final Identity OFFICE = Identity.generate();
  static final KeyPair HOST = signingKey();

  /** What somebody with access to the store has: the public halves, and keys of his own. */
  static final BackupKey OTHER_KEY = BackupKey.generate();

  static final KeyPair OTHER_HOST = signingKey();

  abstract Encryption writer();

  abstract Encryption reader();

  Fleet fleet(Path work) throws IOException {
    Encryption writer = writer();
    return new Fleet(work, writer, this == KEY ? writer : reader());
  }

  private static KeyPair signingKey() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
