package dev.lifeboat.examples.quickstart;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.KeyWrap;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A key service that protects nothing. The command {@code golden/secrets/unwrap} answers what it does. */
final class ToyService implements KeyWrap {
  @Override
  public String id() {
    return "toy";
  }

  @Override
  public byte[] wrap(byte[] dataKey, String context) {
    String wrapped = context + "\n" + Base64.getEncoder().encodeToString(dataKey);
    return wrapped.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] unwrap(byte[] wrapped, String context) throws IOException {
    String[] lines = new String(wrapped, StandardCharsets.UTF_8).split("\n", -1);
    if (lines.length != 2 || !lines[0].equals(context)) {
      throw new DamagedDataException("this was not wrapped for " + context);
    }
    return Base64.getDecoder().decode(lines[1]);
  }
}
