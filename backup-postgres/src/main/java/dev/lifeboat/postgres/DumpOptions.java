package dev.lifeboat.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How a database is dumped.
 *
 * @param arguments further ones for pg_dump, all of them allowed
 * @param spool whether the dump is made at full speed from the start, into a file
 * @param client where pg_dump is; looked for if empty
 * @param nanoTime tells how long things take
 */
record DumpOptions(
    Scope scope,
    List<String> arguments,
    Duration lockWait,
    Duration deadline,
    RowCounts rowCounts,
    boolean spool,
    Optional<Path> client,
    LongSupplier nanoTime) {
  static final DumpOptions DEFAULT = new DumpOptions(
      Scope.WHOLE,
      List.of(),
      Duration.ofSeconds(30),
      Duration.ofHours(24),
      RowCounts.EXACT,
      false,
      Optional.empty(),
      System::nanoTime);

  DumpOptions {
    arguments = List.copyOf(arguments);
    requirePositive(lockWait, "lockWait");
    requirePositive(deadline, "deadline");
  }

  DumpOptions scope(Scope other) {
    return new DumpOptions(
        other, arguments, lockWait, deadline, rowCounts, spool, client, nanoTime);
  }

  DumpOptions argument(String more) {
    List<String> all = new ArrayList<>(arguments);
    all.add(AllowedArguments.require(more));
    return new DumpOptions(scope, all, lockWait, deadline, rowCounts, spool, client, nanoTime);
  }

  DumpOptions lockWait(Duration other) {
    return new DumpOptions(scope, arguments, other, deadline, rowCounts, spool, client, nanoTime);
  }

  DumpOptions deadline(Duration other) {
    return new DumpOptions(scope, arguments, lockWait, other, rowCounts, spool, client, nanoTime);
  }

  DumpOptions rowCounts(RowCounts other) {
    return new DumpOptions(scope, arguments, lockWait, deadline, other, spool, client, nanoTime);
  }

  DumpOptions spooling() {
    return new DumpOptions(scope, arguments, lockWait, deadline, rowCounts, true, client, nanoTime);
  }

  DumpOptions client(Path directory) {
    return new DumpOptions(
        scope, arguments, lockWait, deadline, rowCounts, spool, Optional.of(directory), nanoTime);
  }

  DumpOptions nanoTime(LongSupplier other) {
    return new DumpOptions(scope, arguments, lockWait, deadline, rowCounts, spool, client, other);
  }

  ClientSearch search() throws IOException {
    return client.isPresent() ? ClientSearch.in(client.get()) : ClientSearch.everywhere();
  }

  static void requirePositive(Duration duration, String name) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " must be positive, was " + duration);
    }
    if (duration.compareTo(Duration.ofDays(20)) > 0) { // pg_dump counts milliseconds in 32 bits
      throw new IllegalArgumentException(name + " must be at most 20 days, was " + duration);
    }
  }
}
