package dev.lifeboat.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;

/** Which backup something belongs to; it goes into every ciphertext. */
record Place(String series, String backup) {
  Place {
    Objects.requireNonNull(series, "series");
    Objects.requireNonNull(backup, "backup");
  }

  /** What the format calls C, as text. */
  String name() {
    return series + "/" + backup;
  }

  /** What the format calls C. */
  byte[] bytes() {
    return bytes("");
  }

  byte[] bytes(String ending) {
    return (name() + ending).getBytes(UTF_8);
  }
}
