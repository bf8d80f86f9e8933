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
  /** One for all: it may be used by several threads, and a new one costs more than a short content. */
  private static final SecureRandom RANDOM = new SecureRandom();

  private final FloeParameters parameters;
  private final byte[] key;
  private final byte[] context;

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
    return encode(out, parameters.plainLength());
  }

  /** The same for a content of at most so many bytes: with less memory if that is short. */
  EncodingStream encode(OutputStream out, int most) throws IOException {
    Floe floe = Floe.begin(parameters, key, context, RANDOM);
    return new FloeEncoder(floe, Math.min(most, parameters.plainLength()), out);
  }

  @Override
  public InputStream decode(InputStream in) {
    return decode(in, parameters.plainLength());
  }

  /** The same where at most so many bytes of content can come. */
  InputStream decode(InputStream in, int most) {
    return new FloeDecoder(parameters, key, context, Math.min(most, parameters.plainLength()), in);
  }
}
