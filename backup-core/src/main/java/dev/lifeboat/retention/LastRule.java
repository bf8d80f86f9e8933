package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;

/** Keeps the newest ones, whenever they were made. */
record LastRule(int count) implements Rule {
  @Override
  public String key() {
    return "last";
  }

  @Override
  public String words() {
    return "the last " + count;
  }

  @Override
  public List<Verdict> judge(List<Backup> counted, ZoneId zone, Instant now) {
    return IntStream.range(0, counted.size())
        .mapToObj(i -> i < count
            ? verdict(true, "last, " + (i + 1) + " of " + count)
            : verdict(false, "not one of the last " + count))
        .toList();
  }
}
