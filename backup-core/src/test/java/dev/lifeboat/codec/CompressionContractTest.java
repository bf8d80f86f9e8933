package dev.lifeboat.codec;

import dev.lifeboat.testkit.CodecContract;
import org.junit.jupiter.api.Nested;

/** Every compression holds the contract, at the levels and numbers of workers that differ. */
class CompressionContractTest {
  @Nested
  class ZstdByDefault implements CodecContract {
    @Override
    public Codec codec() {
      return Compression.zstd();
    }
  }

  @Nested
  class ZstdAtLevel1WithEightWorkers implements CodecContract {
    @Override
    public Codec codec() {
      return Compression.zstd(1, 8);
    }

    @Override
    public long holdsAtMost() {
      return 10 << 20;
    }
  }

  @Nested
  class ZstdAtLevel3WithTwoWorkers implements CodecContract {
    @Override
    public Codec codec() {
      return Compression.zstd(3, 2);
    }

    @Override
    public long holdsAtMost() {
      return 4 << 20;
    }
  }

  /** At level 19 each night: that takes several times as long. */
  @Nested
  class ZstdAtAHighLevelWithOneWorker implements CodecContract {
    @Override
    public Codec codec() {
      return Compression.zstd(Integer.getInteger("loops", 1) > 1 ? 19 : 12, 1);
    }

    @Override
    public long bulk() {
      return 8 << 20;
    }

    @Override
    public long holdsAtMost() {
      return 3 << 20;
    }
  }

  @Nested
  class Gzip implements CodecContract {
    @Override
    public Codec codec() {
      return Compression.gzip();
    }

    @Override
    public long holdsAtMost() {
      return 1 << 20;
    }
  }

  @Nested
  class None implements CodecContract {
    @Override
    public Codec codec() {
      return Compression.none();
    }

    @Override
    public boolean sealsItsEnd() {
      return false;
    }

    @Override
    public long holdsAtMost() {
      return 256 << 10;
    }
  }
}
