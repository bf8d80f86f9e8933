package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.testkit.CodecContract;
import java.util.Arrays;

/** Encryption holds the contract of every codec. */
class FloeCodecContractTest implements CodecContract {
  private final byte[] key = new byte[32];

  FloeCodecContractTest() {
    Arrays.fill(key, (byte) 7);
  }

  @Override
  public Codec codec() {
    return new FloeCodec(key, "shop/orders".getBytes(US_ASCII));
  }

  @Override
  public long holdsAtMost() {
    long piece = 256 << 10; // the contract's own
    return piece + 2L * FloeParameters.LIFEBOAT.segmentLength();
  }
}
