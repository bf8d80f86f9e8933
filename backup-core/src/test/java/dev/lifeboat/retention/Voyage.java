package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;

/** When a simulated host makes backups: nightly or so, in storms of restarts, not at all for weeks. */
final class Voyage {
  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

  final SplittableRandom random;
  private Instant now;
  private int made;
  private int leftOfStorm;

  Voyage(long seed, Instant begin) {
    this.random = new SplittableRandom(seed);
    this.now = begin;
  }

  Instant now() {
    return now;
  }

  /** The next one, now; not built yet, so that a test may say more of it. */
  TestBackup next() {
    now = now.plus(pause());
    return TestBackup.at(now).reason(reason()).tail(tail(made++)).size(1 + random.nextInt(1000));
  }

  private Duration pause() {
    if (leftOfStorm > 0) {
      leftOfStorm--;
      return Duration.ofSeconds(random.nextInt(72));
    }
    int dice = random.nextInt(1000);
    if (dice < 3) {
      leftOfStorm = 99;
    } else if (dice < 10) {
      return Duration.ofDays(random.nextInt(14, 60));
    } else if (dice < 150) {
      return Duration.ofMinutes(random.nextInt(1, 300));
    }
    return Duration.ofMinutes(random.nextInt(20 * 60, 28 * 60));
  }

  private Reason reason() {
    int dice = random.nextInt(100);
    if (dice < 3) {
      return Reason.PRE_MIGRATION;
    } else if (dice < 8) {
      return Reason.PRE_RESTORE;
    }
    return dice < 20 ? Reason.MANUAL : Reason.SCHEDULED;
  }

  /** The same number gives the same one, and no two numbers do. */
  static String tail(int number) {
    StringBuilder tail = new StringBuilder();
    for (int i = 0, rest = number; i < 8; i++, rest >>>= 5) {
      tail.append(BASE32.charAt(rest & 31));
    }
    return tail.reverse().toString();
  }

  boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  static boolean isRegular(Backup backup) {
    return !backup.reason().equals(Reason.PRE_RESTORE);
  }
}
