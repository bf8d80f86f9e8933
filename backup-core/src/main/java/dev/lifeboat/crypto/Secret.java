package dev.lifeboat.crypto;

import java.util.Arrays;
import javax.security.auth.Destroyable;

/** Secret bytes until they are wiped. For several threads. */
final class Secret implements Destroyable {
  private final String what;
  private final byte[] bytes;
  private boolean destroyed;

  /**
   * Takes the bytes over.
   *
   * @param what what messages call it: "the key"
   */
  Secret(String what, byte[] bytes) {
    this.what = what;
    this.bytes = bytes;
  }

  /**
   * A copy, which the caller wipes.
   *
   * @throws IllegalStateException if it was destroyed
   */
  synchronized byte[] copy() {
    if (destroyed) {
      throw new IllegalStateException(what + " was destroyed");
    }
    return bytes.clone();
  }

  @Override
  public synchronized void destroy() {
    destroyed = true;
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public synchronized boolean isDestroyed() {
    return destroyed;
  }
}
