package dev.lifeboat.crypto;

import java.io.IOException;

/** Makes a key of a passphrase, at a cost. */
interface Kdf {
  /**
   * 32 bytes.
   *
   * @param passphrase UTF-8; not kept
   * @throws IOException if this machine cannot afford it
   */
  byte[] derive(byte[] passphrase, byte[] salt, Cost cost) throws IOException;
}
