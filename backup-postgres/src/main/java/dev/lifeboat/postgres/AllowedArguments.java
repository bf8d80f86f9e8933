package dev.lifeboat.postgres;

import java.util.Objects;
import java.util.Set;

/**
 * The arguments that a host may add for pg_dump: those that leave alone what we rely on, which is the archive's format, its
 * completeness, owners and privileges in it, the snapshot, and where the connection goes.
 */
final class AllowedArguments {
  private static final Set<String> WORDS = Set.of(
      "--no-comments",
      "--no-publications",
      "--no-security-labels",
      "--no-subscriptions",
      "--no-table-access-method",
      "--no-tablespaces",
      "--no-toast-compression",
      "--quote-all-identifiers",
      "--statistics",
      "--verbose");
  private static final Set<String> WITH_VALUE =
      Set.of("--encoding", "--extra-float-digits", "--include-foreign-data");

  private AllowedArguments() {}

  /** @throws IllegalArgumentException if it is none of them */
  static String require(String argument) {
    Objects.requireNonNull(argument, "argument");
    int value = argument.indexOf('=');
    boolean allowed = value < 0
        ? WORDS.contains(argument)
        : WITH_VALUE.contains(argument.substring(0, value)) && value + 1 < argument.length();
    if (!allowed) {
      throw new IllegalArgumentException("pg_dump's argument must be one of "
          + String.join(", ", WORDS.stream().sorted().toList()) + " or, with =value, one of "
          + String.join(", ", WITH_VALUE.stream().sorted().toList()) + ", was " + argument);
    }
    return argument;
  }
}
