package dev.lifeboat.sink;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * How many bytes, and their SHA-256 (FIPS 180-4) in 64 lower-case hexadecimal digits: what a run of bytes must be to be
 * believed.
 */
public record Digest(long size, String sha256) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  public Digest {
    Objects.requireNonNull(sha256, "sha256");
    if (size < 0) {
      throw new IllegalArgumentException("size must not be negative, was " + size);
    }
    if (!HEX.matcher(sha256).matches()) {
      throw new IllegalArgumentException("sha256 must be 64 hexadecimal digits in lower case");
    }
  }

  /** Of these bytes. */
  public static Digest of(byte[] bytes) {
    Counter counter = new Counter();
    counter.update(bytes, 0, bytes.length);
    return counter.digest();
  }

  /** Of everything up to the stream's end, which is not closed. */
  public static Digest of(InputStream in) throws IOException {
    Counter counter = new Counter();
    byte[] buffer = new byte[64 << 10];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      counter.update(buffer, 0, n);
    }
    return counter.digest();
  }

  @Override
  public String toString() {
    return size + " bytes, SHA-256 " + sha256;
  }

  /** Counts and digests bytes as they pass. For one thread. */
  public static final class Counter {
    private final MessageDigest sha256 = newSha256();
    private long size;

    /** Nothing has passed yet. */
    public Counter() {}

    /** These bytes pass. */
    public void update(byte[] bytes, int offset, int length) {
      sha256.update(bytes, offset, length);
      size += length;
    }

    /** What remains in the buffer passes. */
    public void update(ByteBuffer bytes) {
      size += bytes.remaining();
      sha256.update(bytes);
    }

    /** How many have passed. */
    public long size() {
      return size;
    }

    /** Of all that have passed; the counter starts anew. */
    public Digest digest() {
      Digest digest = new Digest(size, HexFormat.of().formatHex(sha256.digest()));
      size = 0;
      return digest;
    }

    private static MessageDigest newSha256() {
      try {
        return MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
