package dev.lifeboat.source;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes are what was written, but they do not make sound content: integrity, facts or a host's check do not hold. */
public final class UnprovenException extends IOException {
  private static final long serialVersionUID = 1;

  @SuppressWarnings("serial") // List.copyOf gives a serializable list
  private final List<String> findings;

  /** One finding and, where there is one, its cause. */
  public UnprovenException(String finding, @Nullable Throwable cause) {
    super(finding, cause);
    this.findings = List.of(finding);
  }

  /**
   * Several findings, one sentence each.
   *
   * @throws IllegalArgumentException if there is none
   */
  public UnprovenException(List<String> findings) {
    super(String.join("; ", findings));
    if (findings.isEmpty()) {
      throw new IllegalArgumentException("findings must not be empty");
    }
    this.findings = List.copyOf(findings);
  }

  /** All of them, at least one. */
  public List<String> findings() {
    return findings;
  }
}
