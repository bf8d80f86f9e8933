package dev.lifeboat.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** How a database is restored. Immutable once it is given away: what changes it changes a copy. */
final class RestoreOptions {
  static final RestoreOptions DEFAULT = new RestoreOptions();

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

  private Optional<Way> way = Optional.empty();
  private int jobs = 2;
  private boolean owners = true;
  private boolean extras = false;
  private boolean replication = false;
  private boolean drill = false;
  private Chosen chosen = Chosen.ALL;
  private List<NamedCheck> checks = List.of();
  private Duration patience = Duration.ofSeconds(30);
  private Duration deadline = Duration.ofHours(24);
  private Optional<Path> client = Optional.empty();
  private Optional<String> maintenance = Optional.empty();
  private Clock clock = Clock.systemUTC();
  private Steps steps = Steps.UNWATCHED;

  private RestoreOptions() {}

  private RestoreOptions with(Consumer<RestoreOptions> change) {
    RestoreOptions copy = new RestoreOptions();
    copy.way = way;
    copy.jobs = jobs;
    copy.owners = owners;
    copy.extras = extras;
    copy.replication = replication;
    copy.drill = drill;
    copy.chosen = chosen;
    copy.checks = checks;
    copy.patience = patience;
    copy.deadline = deadline;
    copy.client = client;
    copy.maintenance = maintenance;
    copy.clock = clock;
    copy.steps = steps;
    change.accept(copy);
    return copy;
  }

  /** Empty for what the role's rights allow. */
  Optional<Way> way() {
    return way;
  }

  /** How many sessions load at once. */
  int jobs() {
    return jobs;
  }

  /** Whether owners and privileges are kept. */
  boolean owners() {
    return owners;
  }

  /** Whether objects of a live database that the backup does not have may survive. */
  boolean extras() {
    return extras;
  }

  /** Whether what hangs on the live database may stay with the old one. */
  boolean replication() {
    return replication;
  }

  /** Whether nothing is to become live, so that what is live may be as it likes. */
  boolean isDrill() {
    return drill;
  }

  /** What of the archive is restored. */
  Chosen chosen() {
    return chosen;
  }

  List<NamedCheck> checks() {
    return checks;
  }

  /** How long sessions are waited for. */
  Duration patience() {
    return patience;
  }

  /** How long a program may run. */
  Duration deadline() {
    return deadline;
  }

  /** The database from which others are made and renamed; looked for if empty. */
  Optional<String> maintenance() {
    return maintenance;
  }

  /** Tells what time it is. */
  Clock clock() {
    return clock;
  }

  /** Hears of every step, for tests that end it there. */
  Steps steps() {
    return steps;
  }

  RestoreOptions way(Way other) {
    return with(copy -> copy.way = Optional.of(other));
  }

  RestoreOptions jobs(int other) {
    if (other < 1 || other > MOST_JOBS) {
      throw new IllegalArgumentException("jobs must be 1 to " + MOST_JOBS + ", was " + other);
    }
    return with(copy -> copy.jobs = other);
  }

  RestoreOptions owners(boolean kept) {
    return with(copy -> copy.owners = kept);
  }

  RestoreOptions extras(boolean allowed) {
    return with(copy -> copy.extras = allowed);
  }

  RestoreOptions replication(boolean allowed) {
    return with(copy -> copy.replication = allowed);
  }

  RestoreOptions drill() {
    return with(copy -> copy.drill = true);
  }

  RestoreOptions chosen(Chosen other) {
    return with(copy -> copy.chosen = other);
  }

  RestoreOptions check(String what, PostgresTarget.Check check) {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(check, "check");
    if (checks.stream().anyMatch(named -> named.what().equals(what))) {
      throw new IllegalArgumentException("the check \"" + what + "\" is given twice");
    }
    List<NamedCheck> more = new ArrayList<>(checks);
    more.add(new NamedCheck(what, check));
    return with(copy -> copy.checks = List.copyOf(more));
  }

  RestoreOptions patience(Duration other) {
    requirePositive(other, "patience");
    return with(copy -> copy.patience = other);
  }

  RestoreOptions deadline(Duration other) {
    requirePositive(other, "deadline");
    return with(copy -> copy.deadline = other);
  }

  RestoreOptions client(Path directory) {
    return with(copy -> copy.client = Optional.of(directory));
  }

  RestoreOptions maintenance(String database) {
    return with(copy -> copy.maintenance = Optional.of(database));
  }

  RestoreOptions clock(Clock other) {
    return with(copy -> copy.clock = other);
  }

  RestoreOptions steps(Steps other) {
    return with(copy -> copy.steps = other);
  }

  /** Where the programs are looked for. */
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
