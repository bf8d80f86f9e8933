package dev.lifeboat.crypto;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id, version 0x13 (RFC 9106).
 *
 * @param heap bytes that the JVM may take; half of them at most are spent
 */
record Argon2(long heap) implements Kdf {
  private static final int LENGTH = 32;

  /** With the heap of this JVM. */
  static Argon2 here() {
    return new Argon2(Runtime.getRuntime().maxMemory());
  }

  @Override
  public byte[] derive(byte[] passphrase, byte[] salt, Cost cost) throws TooCostlyException {
    if (cost.memoryKiB() << 10 > heap / 2) {
      throw new TooCostlyException("the passphrase takes " + (cost.memoryKiB() >> 10)
          + " MiB of memory to check, more than half of this heap of " + (heap >> 20)
          + " MiB: give the JVM more with -Xmx");
    }
    Argon2Parameters parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withSalt(salt)
        .withMemoryAsKB((int) cost.memoryKiB())
        .withIterations((int) cost.passes())
        .withParallelism((int) cost.lanes())
        .build();
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(parameters);
    byte[] key = new byte[LENGTH];
    generator.generateBytes(passphrase, key);
    return key;
  }
}
