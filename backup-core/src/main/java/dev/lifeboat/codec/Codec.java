package dev.lifeboat.codec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Executor;

/**
 * A reversible stage, named in the manifest; reading follows the manifest, never the configuration. Immutable, safe for
 * several threads. Its promises are tested by {@code CodecContract}.
 */
public interface Codec {
  /** What the manifest calls it: {@code "zstd"}, {@code "gzip"}, {@code "none"}. Never changes its meaning. */
  String id();

  /** The ending it adds to the names of objects, without a dot; empty for none. Default: the id. */
  default String suffix() {
    return id();
  }

  /**
   * A stream that encodes into {@code out}, for one thread.
   *
   * @param workers threads the stage may use besides the caller's; a codec starts none of its own. May run tasks on the
   *     caller's thread.
   * @throws IOException if {@code out} fails
   */
  EncodingStream encode(OutputStream out, Executor workers) throws IOException;

  /**
   * A stream that ends only where {@link EncodingStream#finish} sealed it and {@code in} ends there too; else it throws
   * {@link DamagedDataException}. Closing it closes {@code in}. What it holds in memory is bounded, whatever it reads.
   *
   * @throws DamagedDataException if the first bytes already cannot be right
   * @throws IOException if {@code in} fails; its exception is passed on untouched
   */
  InputStream decode(InputStream in) throws IOException;
}
