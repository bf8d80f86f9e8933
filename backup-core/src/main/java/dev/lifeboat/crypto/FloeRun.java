package dev.lifeboat.crypto;

import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.codec.EncodingStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** FLOE of what is in memory: header and segments in one run of bytes. */
final class FloeRun {
  private FloeRun() {}

  /** How long the ciphertext of a short content is. */
  static int length(int content) {
    return Floe.HEADER + FloeParameters.OVERHEAD + content;
  }

  static byte[] seal(byte[] key, byte[] context, byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(length(content.length));
    try (EncodingStream stream = new FloeCodec(key, context).encode(out, content.length)) {
      stream.write(content);
      stream.finish();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  /**
   * The content.
   *
   * @throws DamagedDataException if it does not prove right with this key and context
   */
  static byte[] open(byte[] key, byte[] context, byte[] sealed) throws DamagedDataException {
    // for a growing buffer would leave copies; and of no room nothing would be asked, nor proven
    byte[] content = new byte[Math.max(1, sealed.length)];
    ByteArrayInputStream run = new ByteArrayInputStream(sealed);
    try (InputStream in = new FloeCodec(key, context).decode(run, content.length)) {
      return Arrays.copyOf(content, in.readNBytes(content, 0, content.length));
    } catch (DamagedDataException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("reading from memory", e);
    } finally {
      Arrays.fill(content, (byte) 0);
    }
  }
}
