package dev.lifeboat.crypto;

import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.EncodingStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.Executor;

/** Encryption as the last stage of one component, as long as the data key is there. */
record ComponentCodec(DataKey dataKey, String component) implements Codec {
  @Override
  public String id() {
    return "floe";
  }

  @Override
  public EncodingStream encode(OutputStream out, Executor workers) throws IOException {
    byte[] key = dataKey.component(component);
    try {
      return codec(key).encode(out, workers);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public InputStream decode(InputStream in) {
    byte[] key = dataKey.component(component);
    try {
      return codec(key).decode(in);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private FloeCodec codec(byte[] key) {
    return new FloeCodec(key, dataKey.place().bytes("/" + component));
  }
}
