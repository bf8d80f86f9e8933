package dev.lifeboat.crypto;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.EncodingStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.concurrent.Executor;

/** Encryption as a stage, with one component's key: AES-256-GCM in FLOE. Two segments of memory a stream. */
final class FloeCodec implements Codec {
  private final FloeParameters parameters;
  private final byte[] key;
  private final byte[] context;
  private final SecureRandom random = new SecureRandom();

  /**
   * With the parameters of Lifeboat.
   *
   * @param key 256 bits, wiped by whoever gave it when no stream will be made any more
   * @param context what the content belongs to; it is proven, not kept
   */
  FloeCodec(byte[] key, byte[] context) {
    this(FloeParameters.LIFEBOAT, key, context);
  }

  FloeCodec(FloeParameters parameters, byte[] key, byte[] context) {
    this.parameters = parameters;
    this.key = key;
    this.context = context.clone();
  }

  @Override
  public String id() {
    return "floe";
  }

  @Override
  public EncodingStream encode(OutputStream out, Executor workers) throws IOException {
    return new FloeEncoder(Floe.begin(parameters, key, context, random), parameters, out);
  }

  @Override
  public InputStream decode(InputStream in) {
    return new FloeDecoder(parameters, key, context, in);
  }
}
