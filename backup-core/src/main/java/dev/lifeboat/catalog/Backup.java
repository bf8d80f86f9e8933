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
 * @param proofs its own making was the first, at {@link Depth#CONTENT}; empty while what the sink does not attest was not
 *     read back ({@link Manifest#readBackBy})
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
    if (copies.isEmpty()) {
      throw new IllegalArgumentException("a backup has at least one copy");
    } else if (proofs.isEmpty() && manifest.readBackBy().isEmpty()) {
      throw new IllegalArgumentException("a backup that was read back has at least one proof");
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

  /** The deepest proof, and the newest of those; empty if it is not proven yet. */
  public Optional<Proof> proof() {
    return proofs.stream().max(Comparator.comparing(Proof::depth).thenComparing(Proof::at));
  }

  /** Whether its stored bytes were attested or read back. One that is not proven yet counts for no rule of retention. */
  public boolean isProven() {
    return !proofs.isEmpty();
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
