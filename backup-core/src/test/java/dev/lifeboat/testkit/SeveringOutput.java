package dev.lifeboat.testkit;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Lets so many bytes through; what comes then ends the connection. */
final class SeveringOutput extends FilterOutputStream {
  private final HttpFault.Ending ending;
  private long left;

  SeveringOutput(OutputStream out, long bytes, HttpFault.Ending ending) {
    super(out);
    this.left = bytes;
    this.ending = ending;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int through = (int) Math.min(left, length);
    out.write(bytes, offset, through);
    left -= through;
    if (through < length) {
      throw new Severed(ending);
    }
  }
}
