package dev.lifeboat.postgres;

import java.util.List;
import java.util.Optional;

/** Versions of the client below which a hole is known through which a database can attack who dumps or restores it. */
final class FixedMinors {
  /** An object swapped while it is dumped runs its owner's code with the rights of who dumps: CVE-2024-7348. */
  private static final List<Version> SAFE_TO_DUMP = List.of(
      new Version(12, 20),
      new Version(13, 16),
      new Version(14, 13),
      new Version(15, 8),
      new Version(16, 4));

  /** A dump's own text runs commands with the rights of who restores it: CVE-2025-8714, CVE-2025-8715. */
  private static final List<Version> SAFE_TO_RESTORE = List.of(
      new Version(13, 22),
      new Version(14, 19),
      new Version(15, 14),
      new Version(16, 10),
      new Version(17, 6));

  private FixedMinors() {}

  /** The version to go to, if {@code pg_dump} of this one must not be used. */
  static Optional<Version> neededToDump(Version version) {
    return needed(version, SAFE_TO_DUMP);
  }

  /** The version to go to, if archives made or restored by this one may carry an attack. */
  static Optional<Version> neededToRestore(Version version) {
    return needed(version, SAFE_TO_RESTORE);
  }

  /** Majors older than the list never got a fix, newer ones began with it. */
  private static Optional<Version> needed(Version version, List<Version> fixed) {
    return fixed.stream()
        .filter(minor ->
            minor.major() == version.major() || version.major() < fixed.get(0).major())
        .findFirst()
        .filter(version::isBefore);
  }
}
