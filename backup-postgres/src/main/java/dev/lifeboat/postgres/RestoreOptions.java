package dev.lifeboat.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a database is restored.
 *
 * @param way empty for what the role's rights allow
 * @param owners whether owners and privileges are kept
 * @param chosen what of the archive is restored
 * @param client where pg_restore is; looked for if empty
 * @param maintenance the database from which others are made and renamed; looked for if empty
 * @param steps hears of every step, for tests that end it there
 */
record RestoreOptions(
    Optional<Way> way,
    int jobs,
    boolean owners,
    boolean extras,
    boolean replication,
    Chosen chosen,
    List<NamedCheck> checks,
    Duration patience,
    Duration deadline,
    Optional<Path> client,
    Optional<String> maintenance,
    Clock clock,
    Steps steps) {
  static final RestoreOptions DEFAULT = new RestoreOptions(
      Optional.empty(),
      2,
      true,
      false,
      false,
      Chosen.ALL,
      List.of(),
      Duration.ofSeconds(30),
      Duration.ofHours(24),
      Optional.empty(),
      Optional.empty(),
      Clock.systemUTC(),
      Steps.UNWATCHED);

  private static final int MOST_JOBS = 64;

  /** How the content comes to its place. */
  enum Way {
    /** Into a new database, which takes the name of the live one. */
    SWAP,
    /** Into the live one, in one transaction. */
    IN_PLACE,
    /** Into a new database, of a name that none has. */
    NEW
  }

  /** A check of the host, with its name. */
  record NamedCheck(String what, PostgresTarget.Check check) {}

  RestoreOptions {
    checks = List.copyOf(checks);
    requirePositive(patience, "patience");
    requirePositive(deadline, "deadline");
    if (jobs < 1 || jobs > MOST_JOBS) {
      throw new IllegalArgumentException("jobs must be 1 to " + MOST_JOBS + ", was " + jobs);
    }
  }

  RestoreOptions way(Way other) {
    return new RestoreOptions(
        Optional.of(other),
        jobs,
        owners,
        extras,
        replication,
        chosen,
        checks,
        patience,
        deadline,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions jobs(int other) {
    return new RestoreOptions(
        way,
        other,
        owners,
        extras,
        replication,
        chosen,
        checks,
        patience,
        deadline,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions owners(boolean kept) {
    return new RestoreOptions(
        way,
        jobs,
        kept,
        extras,
        replication,
        chosen,
        checks,
        patience,
        deadline,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions extras(boolean allowed) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        allowed,
        replication,
        chosen,
        checks,
        patience,
        deadline,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions replication(boolean allowed) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        allowed,
        chosen,
        checks,
        patience,
        deadline,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions chosen(Chosen other) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        replication,
        other,
        checks,
        patience,
        deadline,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions check(String what, PostgresTarget.Check check) {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(check, "check");
    if (checks.stream().anyMatch(named -> named.what().equals(what))) {
      throw new IllegalArgumentException("the check \"" + what + "\" is given twice");
    }
    List<NamedCheck> more = new ArrayList<>(checks);
    more.add(new NamedCheck(what, check));
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        replication,
        chosen,
        more,
        patience,
        deadline,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions patience(Duration other) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        replication,
        chosen,
        checks,
        other,
        deadline,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions deadline(Duration other) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        replication,
        chosen,
        checks,
        patience,
        other,
        client,
        maintenance,
        clock,
        steps);
  }

  RestoreOptions client(Path directory) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        replication,
        chosen,
        checks,
        patience,
        deadline,
        Optional.of(directory),
        maintenance,
        clock,
        steps);
  }

  RestoreOptions maintenance(String database) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        replication,
        chosen,
        checks,
        patience,
        deadline,
        client,
        Optional.of(database),
        clock,
        steps);
  }

  RestoreOptions clock(Clock other) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        replication,
        chosen,
        checks,
        patience,
        deadline,
        client,
        maintenance,
        other,
        steps);
  }

  RestoreOptions steps(Steps other) {
    return new RestoreOptions(
        way,
        jobs,
        owners,
        extras,
        replication,
        chosen,
        checks,
        patience,
        deadline,
        client,
        maintenance,
        clock,
        other);
  }

  ClientSearch search() throws IOException {
    return client.isPresent() ? ClientSearch.in(client.get()) : ClientSearch.everywhere();
  }

  private static void requirePositive(Duration duration, String name) {
    if (duration.isNegative() || duration.isZero() || duration.toDays() > 20) {
      throw new IllegalArgumentException(
          name + " must be positive and at most 20 days, was " + duration);
    }
  }
}
