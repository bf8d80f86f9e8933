package dev.lifeboat.postgres;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Whether a database can be backed up and brought back, found out before that is needed: see {@link PostgresSource#probe}.
 * Obstacles and warnings are sentences without a full stop, for people.
 *
 * @param serverVersion {@code 15.19}
 * @param client the directory of the {@code pg_dump} and {@code pg_restore} that would be used; empty if none fits
 * @param clientVersion that of {@code pg_dump}
 * @param backupObstacles why a backup would fail
 * @param swapObstacles why a restore could not be made in a new database and swapped in
 * @param inPlaceObstacles why a restore could not be made in the database itself
 * @param warnings what works and should be better
 */
public record PostgresProbe(
    String serverVersion,
    Optional<Path> client,
    Optional<String> clientVersion,
    List<String> backupObstacles,
    List<String> swapObstacles,
    List<String> inPlaceObstacles,
    List<String> warnings) {
  /** For us and for tests. */
  public PostgresProbe {
    backupObstacles = List.copyOf(backupObstacles);
    swapObstacles = List.copyOf(swapObstacles);
    inPlaceObstacles = List.copyOf(inPlaceObstacles);
    warnings = List.copyOf(warnings);
  }

  /** Whether nothing stands in the way of a backup. */
  public boolean canBackUp() {
    return backupObstacles.isEmpty();
  }

  /** Whether a restore can be made in a new database and swapped in, the old one being kept. */
  public boolean canSwap() {
    return swapObstacles.isEmpty();
  }

  /** Whether a restore can be made in the database itself, in one transaction. */
  public boolean canRestoreInPlace() {
    return inPlaceObstacles.isEmpty();
  }
}
