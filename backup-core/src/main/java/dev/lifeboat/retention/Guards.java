package dev.lifeboat.retention;

import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPlan.Cause;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What no policy can remove. Only good backups count, held ones too. */
final class Guards {
  private static final int LAST = 3;
  private static final Cause NEWEST = new Cause("guard", "the newest good one");
  private static final Cause ONE_OF_THE_LAST =
      new Cause("guard", "one of the last " + LAST + " good ones");

  private Guards() {}

  static void apply(List<Draft> drafts) {
    drafts.stream()
        .filter(draft -> draft.candidate().isGood())
        .findFirst()
        .ifPresent(draft -> hold(draft, NEWEST));
    lastGood(drafts).limit(LAST).forEach(draft -> hold(draft, ONE_OF_THE_LAST));
    drafts.stream()
        .filter(draft -> draft.candidate().isDamaged() && !draft.isHeld())
        .filter(Guards::isRegular)
        .filter(damaged ->
            lastGood(drafts).filter(good -> good.isNewerThan(damaged)).count() < LAST)
        .forEach(damaged -> hold(damaged, Unsound.asIfSound(ONE_OF_THE_LAST)));
  }

  private static Stream<Draft> lastGood(List<Draft> drafts) {
    return drafts.stream().filter(draft -> draft.candidate().isGood() && isRegular(draft));
  }

  /** What was live before a restore is often what somebody wanted to be rid of. */
  private static boolean isRegular(Draft draft) {
    return !draft.backup().reason().equals(Reason.PRE_RESTORE);
  }

  private static void hold(Draft draft, Cause cause) {
    draft.hold(cause.rule(), cause.text());
  }

  /** The last line, should all others have failed: turns a plan that removes everything into one that removes nothing. */
  static List<Decision> neverEverything(List<Decision> decisions, List<String> warnings) {
    if (decisions.isEmpty() || decisions.stream().anyMatch(Decision::keep)) {
      return decisions;
    }
    warnings.add("The plan would have removed every backup in its sink (" + decisions.size()
        + "), so it removes none. Look at the policy and at the list of backups.");
    return decisions.stream().map(Guards::keptAfterAll).toList();
  }

  private static Decision keptAfterAll(Decision decision) {
    List<Cause> causes = new ArrayList<>();
    causes.add(new Cause("guard", "nothing goes, for the plan would have removed everything"));
    causes.addAll(decision.causes());
    return new Decision(decision.backup(), decision.sink(), true, causes);
  }
}
