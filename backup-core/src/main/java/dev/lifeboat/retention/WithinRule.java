package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Keeps what is young. The only rule for which a backup goes without a newer one coming. */
record WithinRule(Duration age) implements Rule {
  @Override
  public String key() {
    return "within";
  }

  @Override
  public String words() {
    return "everything within " + Words.exactly(age);
  }

  @Override
  public List<Verdict> judge(List<Backup> counted, ZoneId zone, Instant now) {
    String limit = Words.exactly(age);
    return counted.stream()
        .map(backup -> Duration.between(backup.time(), now).compareTo(age) <= 0
            ? verdict(true, "within " + limit)
            : verdict(false, "older than " + limit))
        .toList();
  }
}
