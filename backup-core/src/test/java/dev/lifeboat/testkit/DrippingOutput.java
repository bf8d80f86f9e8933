package dev.lifeboat.testkit;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Lets one byte through after another, with a pause before each. */
final class DrippingOutput extends FilterOutputStream {
  private final Runnable pause;

  DrippingOutput(OutputStream out, Runnable pause) {
    super(out);
    this.pause = pause;
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(bytes[i]);
    }
  }

  @Override
  public void write(int b) throws IOException {
    pause.run();
    out.write(b);
    out.flush();
  }
}
