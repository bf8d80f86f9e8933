package dev.lifeboat.retention;

import dev.lifeboat.retention.RetentionPlan.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What becomes of backups that count for nothing: dated in the future, suspect, not read back, incomplete, damaged. */
final class Unsound {
  private Unsound() {}

  static void judge(List<Draft> drafts, Stock stock, List<String> warnings) {
    Optional<Draft> newestGood =
        drafts.stream().filter(draft -> draft.candidate().isGood()).findFirst();
    for (Draft draft : drafts) {
      if (draft.candidate().future()) {
        judgeFuture(draft, stock, warnings);
      }
      if (draft.candidate().isSuspect()) {
        draft.hold("suspect", "suspect, stays until it is accepted");
      } else if (draft.candidate().isUnread()) {
        draft.hold("unread", "not read back yet, stays until it is");
      } else if (draft.candidate().isIncomplete()) {
        judge(draft, "incomplete", newestGood);
      } else if (draft.candidate().isDamaged()) {
        judge(draft, "damaged", newestGood);
      }
    }
  }

  private static void judgeFuture(Draft draft, Stock stock, List<String> warnings) {
    String ahead = Words.roughly(Duration.between(stock.now(), draft.backup().time()));
    draft.hold("future", "dated " + ahead + " ahead, counts for nothing");
    warnings.add("Backup " + draft.id() + " in " + stock.place() + " is dated " + ahead
        + " ahead of now, " + stock.now() + ". It stays and counts for nothing until then."
        + " Check the clocks of this host and of the one that made it;"
        + " if its date is wrong, delete it by hand.");
  }

  private static void judge(Draft draft, String rule, Optional<Draft> newestGood) {
    if (newestGood.isEmpty()) {
      draft.hold(rule, rule + ", and there is no good one");
    } else if (draft.isNewerThan(newestGood.get())) {
      draft.hold(rule, rule + ", and newer than the newest good one");
    } else {
      draft.drop(rule, rule + ", and " + newestGood.get().id() + " is newer and good");
    }
  }

  /** What keeps a damaged backup that would be kept were it sound. */
  static Cause asIfSound(Cause cause) {
    return new Cause("damaged", "damaged, and kept as if it were sound: " + cause.text());
  }

  static void holdWhatIsOlderThanSuspect(List<Draft> drafts, Stock stock, List<String> warnings) {
    stock.newestSuspect().ifPresent(suspect -> {
      List<Draft> older = drafts.stream()
          .filter(draft -> !draft.candidate().isSuspect())
          .filter(draft -> Stock.isNewer(suspect, draft.backup()))
          .toList();
      older.forEach(draft -> draft.hold("suspect", "older than the suspect " + suspect.id()));
      long held = older.stream().filter(Draft::hasOneCause).count();
      if (held > 0) {
        warnings.add("Backup " + suspect.id() + " is suspect, and nothing older goes from "
            + stock.place() + " until it is accepted: " + held
            + (held == 1 ? " backup stays" : " backups stay")
            + " for that alone. Look at it, then accept or delete it.");
      }
    });
  }
}
