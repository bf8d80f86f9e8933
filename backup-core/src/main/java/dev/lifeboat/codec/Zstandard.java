package dev.lifeboat.codec;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The only class that knows zstd-jni; nothing else may name it before {@link Compression} has found the library. */
final class Zstandard {
  private Zstandard() {}

  static void requireLevel(int level) {
    int min = Zstd.minCompressionLevel();
    int max = Zstd.maxCompressionLevel();
    if (level < min || level > max) {
      throw new IllegalArgumentException("level must be " + min + " to " + max + ", was " + level);
    }
  }

  static EncodingStream encoder(OutputStream out, Executor executor, int level, int workers) {
    return new ZstdEncoder(out, executor, workers, new Contexts(level));
  }

  static InputStream decoder(InputStream in) {
    return new ZstdDecoder(in, new Frames());
  }

  /** Compresses on several threads, with a native context for each that is at work at once. */
  private static final class Contexts implements ZstdEncoder.Compressor {
    private final int level;
    private final Queue<ZstdCompressCtx> idle = new ConcurrentLinkedQueue<>();

    Contexts(int level) {
      this.level = level;
    }

    @Override
    public int bound(int length) {
      return Math.toIntExact(Zstd.compressBound(length));
    }

    @Override
    public int compress(byte[] plain, int length, byte[] packed) throws IOException {
      ZstdCompressCtx context = idle.poll();
      if (context == null) {
        context = new ZstdCompressCtx().setLevel(level).setChecksum(true).setContentSize(true);
      }
      try {
        return context.compressByteArray(packed, 0, packed.length, plain, 0, length);
      } catch (ZstdException e) {
        throw new IOException("zstd could not compress: " + e.getMessage(), e);
      } finally {
        idle.add(context);
      }
    }

    @Override
    public void close() {
      for (ZstdCompressCtx context = idle.poll(); context != null; context = idle.poll()) {
        context.close();
      }
    }
  }

  /** Opens one whole frame at a time. */
  private static final class Frames implements ZstdDecoder.Decompressor {
    private @Nullable ZstdDecompressCtx context;

    @Override
    public int bound(int length) {
      return Math.toIntExact(Zstd.compressBound(length));
    }

    @Override
    public int decompress(byte[] frame, int length, byte[] plain, int size) throws IOException {
      if (context == null) {
        context = new ZstdDecompressCtx();
      }
      try {
        return context.decompressByteArray(plain, 0, size, frame, 0, length);
      } catch (ZstdException e) {
        if (e.getErrorCode() == Zstd.errMemoryAllocation()) {
          throw new IOException("zstd could not decompress: " + e.getMessage(), e);
        }
        throw new DamagedDataException(String.valueOf(e.getMessage()), e);
      }
    }

    @Override
    public void close() {
      if (context != null) {
        context.close();
        context = null;
      }
    }
  }
}
