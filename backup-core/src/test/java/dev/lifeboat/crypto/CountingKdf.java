package dev.lifeboat.crypto;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Costs nothing, and remembers what it was asked for. */
final class CountingKdf implements Kdf {
  final List<String> calls = new ArrayList<>();

  @Override
  public byte[] derive(byte[] passphrase, byte[] salt, Cost cost) {
    calls.add(Base64Text.of(salt) + " at " + cost);
    byte[] numbers = ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(cost.memoryKiB())
        .putLong(cost.passes())
        .putLong(cost.lanes())
        .array();
    return Fingerprint.sha256(numbers, salt, passphrase);
  }
}
