package dev.lifeboat.catalog;

import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.util.Objects;

/**
 * One object of a component, and what it must be.
 *
 * @param name where it lies, in full
 * @param stored its bytes as they are stored
 */
public record Part(ObjectName name, Digest stored) {
  public Part {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(stored, "stored");
  }
}
