package dev.lifeboat.postgres;

import java.util.Locale;

/** How a connection is protected on its way, in the words of libpq and of the JDBC driver. */
enum Ssl {
  DISABLE,
  ALLOW,
  PREFER,
  REQUIRE,
  VERIFY_CA,
  VERIFY_FULL;

  /** @throws IllegalArgumentException if there is none of this name */
  static Ssl of(String mode) {
    for (Ssl ssl : values()) {
      if (ssl.toString().equals(mode)) {
        return ssl;
      }
    }
    throw new IllegalArgumentException("sslMode must be one of disable, allow, prefer, require,"
        + " verify-ca and verify-full, was " + mode);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
