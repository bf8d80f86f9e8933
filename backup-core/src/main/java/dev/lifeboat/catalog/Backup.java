package dev.lifeboat.catalog;

import dev.lifeboat.sum.Sum;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One saved state as it stands now: what was written (the manifest, which never changes), where it lies, and what became
 * known since.
 *
 * @param manifest what was written
 * @param copies one for every sink of the series
 * @param pins what holds it; empty if nothing does
 * @param proofs at least one: its own making was the first, at {@link Depth#CONTENT}
 * @param untrusted where encryption is configured, why nothing proves who wrote it; empty if something does
 */
public record Backup(
    Manifest manifest,
    List<Copy> copies,
    List<Pin> pins,
    List<Proof> proofs,
    Optional<String> untrusted) {
  public Backup {
    Objects.requireNonNull(manifest, "manifest");
    copies = List.copyOf(copies);
    pins = List.copyOf(pins);
    proofs = List.copyOf(proofs);
    Objects.requireNonNull(untrusted, "untrusted");
    if (copies.isEmpty() || proofs.isEmpty()) {
      throw new IllegalArgumentException("a backup has at least one copy and one proof");
    }
  }

  /** Its name. */
  public BackupId id() {
    return manifest.id();
  }

  /** When it began. */
  public Instant time() {
    return id().time();
  }

  /** Why it was made. */
  public Reason reason() {
    return id().reason();
  }

  /** The worst that is true of it. */
  public State state() {
    if (untrusted.isPresent()) {
      return State.UNTRUSTED;
    } else if (has(Copy.State.DAMAGED) && !has(Copy.State.HELD) && !has(Copy.State.UNKNOWN)) {
      return State.DAMAGED;
    } else if (manifest.state() != State.COMPLETE) {
      return manifest.state();
    }
    boolean everywhere = copies.stream()
        .allMatch(copy -> copy.state() == Copy.State.HELD || copy.state() == Copy.State.PRUNED);
    return everywhere ? State.COMPLETE : State.DEGRADED;
  }

  private boolean has(Copy.State state) {
    return copies.stream().anyMatch(copy -> copy.state() == state);
  }

  /** Whether retention leaves it alone because somebody said so. */
  public boolean isPinned() {
    return !pins.isEmpty();
  }

  /** Until when it is to be kept, if that was said when it was made. */
  public Optional<Instant> keepUntil() {
    return manifest.keepUntil();
  }

  /** The deepest proof, and the newest of those. */
  public Proof proof() {
    return proofs.stream()
        .max(Comparator.comparing(Proof::depth).thenComparing(Proof::at))
        .orElseThrow();
  }

  /** Bytes of its components in one sink. */
  public long storedSize() {
    return Sum.of(manifest.components().stream().mapToLong(Component::storedSize));
  }

  /** On one line, whatever was written into it. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
