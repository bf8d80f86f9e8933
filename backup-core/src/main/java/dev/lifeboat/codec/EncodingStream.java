package dev.lifeboat.codec;

import java.io.IOException;
import java.io.OutputStream;

/**
 * What {@link Codec#encode} gives. {@link #finish} seals the content; {@link #close} without it never makes a valid end,
 * lets go of what is held, and leaves the stream below open.
 */
public abstract class EncodingStream extends OutputStream {
  /** For codecs. */
  protected EncodingStream() {}

  /**
   * Seals the content. Nothing can be written afterwards; the stream below stays open.
   *
   * @throws IOException if the stream below fails; there is no valid end then
   */
  public abstract void finish() throws IOException;
}
