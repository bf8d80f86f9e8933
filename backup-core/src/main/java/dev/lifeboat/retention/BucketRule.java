package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps the newest backup of each of the last so many buckets that hold one. A gap costs nothing, and a hundred backups
 * in one bucket take one place.
 */
record BucketRule(Bucket bucket, int count) implements Rule {
  @Override
  public String key() {
    return bucket.key();
  }

  @Override
  public String words() {
    return count + " " + key();
  }

  @Override
  public List<Verdict> judge(List<Backup> counted, ZoneId zone, Instant now) {
    // A set, not the label before: where clocks went back over midnight, a day comes in two pieces.
    Set<String> seen = new HashSet<>();
    List<Verdict> verdicts = new ArrayList<>();
    for (Backup backup : counted) {
      String label = bucket.labelOf(backup.time(), zone);
      if (seen.size() == count && !seen.contains(label)) {
        verdicts.add(verdict(false, key() + " " + label + " lies before the last " + spans()));
      } else if (seen.add(label)) {
        verdicts.add(verdict(true, key() + " " + label + ", " + seen.size() + " of " + count));
      } else {
        verdicts.add(verdict(false, key() + " " + label + " has a newer one"));
      }
    }
    return verdicts;
  }

  private String spans() {
    return count == 1
        ? bucket.unit() + " that holds one"
        : count + " " + bucket.unit() + "s that hold one";
  }
}
