package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Keeps everything, incomplete backups too. */
record EverythingRule() implements Rule {
  @Override
  public String key() {
    return "all";
  }

  @Override
  public String words() {
    return "everything";
  }

  @Override
  public List<Verdict> judge(List<Backup> counted, ZoneId zone, Instant now) {
    return counted.stream().map(backup -> verdict(true, "everything is kept")).toList();
  }

  @Override
  public boolean takesIncomplete() {
    return true;
  }
}
