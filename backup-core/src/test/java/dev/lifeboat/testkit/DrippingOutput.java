package dev.lifeboat.testkit;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Lets one byte through after another, with a pause before each. */
final class DrippingOutput extends FilterOutputStream {
  /** Waits, or throws where there is nothing to wait for any more. */
  interface Pause {
    void await() throws IOException;
  }

  private final Pause pause;

  DrippingOutput(OutputStream out, Pause pause) {
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
    pause.await();
    out.write(b);
    out.flush();
  }
}
