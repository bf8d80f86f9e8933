package dev.lifeboat.crypto;

import java.util.Objects;

/**
 * Whether it is proven who wrote something.
 *
 * @param isProven whether it is
 * @param why why not, as the end of a sentence such as "nothing proves who wrote it: it is signed by nobody whom this host trusts"; empty if it is proven
 */
public record Trust(boolean isProven, String why) {
  /** It is. */
  public static final Trust PROVEN = new Trust(true, "");

  public Trust {
    Objects.requireNonNull(why, "why");
  }

  /** It is not. */
  public static Trust unproven(String why) {
    return new Trust(false, why);
  }
}
