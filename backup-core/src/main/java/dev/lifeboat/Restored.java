package dev.lifeboat;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a restore did.
 *
 * @param from the backup that was brought back
 * @param components what was brought back, in the order it was applied
 * @param before the backup of what was live until then; empty if nothing was, or none was wanted
 * @param took from begin to end
 * @param applied from shutting the maintenance gate, or where it would be, until it was open again; zero elsewhere
 */
public record Restored(
    BackupId from,
    List<String> components,
    Optional<Backup> before,
    Duration took,
    Duration applied) {
  public Restored {
    Objects.requireNonNull(from, "from");
    components = List.copyOf(components);
    Objects.requireNonNull(before, "before");
    Objects.requireNonNull(took, "took");
    Objects.requireNonNull(applied, "applied");
  }
}
