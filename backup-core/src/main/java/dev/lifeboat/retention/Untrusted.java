package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.State;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.retention.RetentionPlan.Cause;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Backups that nobody can prove to be ours. Who may write to a sink could forge as many as he likes: so they take the
 * place of none, fill no limit, and do not go by themselves either, for they may be ours and only their key be missing.
 */
final class Untrusted {
  private static final Cause CAUSE =
      new Cause("untrusted", "nothing proves who wrote it: neither counted nor removed");

  private final List<Backup> backups;

  private Untrusted(List<Backup> backups) {
    this.backups = backups;
  }

  static Untrusted among(List<Backup> backups) {
    return new Untrusted(backups.stream().filter(Untrusted::is).toList());
  }

  static boolean is(Backup backup) {
    return backup.state() == State.UNTRUSTED;
  }

  /** The plan for the others, with these in it. */
  RetentionPlan addedTo(RetentionPlan plan, String sink) {
    List<Decision> decisions = new ArrayList<>(plan.decisions());
    List<String> warnings = new ArrayList<>(plan.warnings());
    backups.stream()
        .filter(backup -> holds(sink, backup))
        .forEach(backup -> decisions.add(new Decision(backup, sink, true, List.of(CAUSE))));
    int added = decisions.size() - plan.decisions().size();
    if (added == 0) {
      return plan;
    }
    decisions.sort(Comparator.comparing((Decision decision) -> decision.backup().time())
        .thenComparing(decision -> decision.backup().id())
        .reversed());
    warnings.add(added + (added == 1 ? " backup in " : " backups in ") + Text.printable(sink)
        + (added == 1 ? " is" : " are")
        + " not proven to be ours, and neither counted nor removed. Look at the list; what does not belong there is"
        + " deleted by force.");
    return new RetentionPlan(decisions, warnings);
  }

  private static boolean holds(String sink, Backup backup) {
    return backup.copies().stream()
        .anyMatch(copy -> copy.sink().equals(sink)
            && (copy.state() == Copy.State.HELD || copy.state() == Copy.State.DAMAGED));
  }
}
