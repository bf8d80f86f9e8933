package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.retention.RetentionPlan.Cause;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.util.ArrayList;
import java.util.List;

/**
 * A decision while it is made: it collects what speaks for its backup and what against. One word for it is enough to
 * keep it; only what is merely kept, not held, goes when space is short.
 */
final class Draft {
  private final Candidate candidate;
  private final long size;
  private final List<Cause> forIt = new ArrayList<>();
  private final List<Cause> against = new ArrayList<>();
  private final List<String> holds = new ArrayList<>();
  private boolean cut;

  Draft(Candidate candidate) {
    this.candidate = candidate;
    this.size = candidate.backup().storedSize();
  }

  Candidate candidate() {
    return candidate;
  }

  Backup backup() {
    return candidate.backup();
  }

  BackupId id() {
    return backup().id();
  }

  /** Bytes of its components; added up from every part, so once. */
  long size() {
    return size;
  }

  boolean isNewerThan(Draft other) {
    return Stock.isNewer(backup(), other.backup());
  }

  /** Stays, whatever space it takes. */
  void hold(String rule, String text) {
    forIt.add(new Cause(rule, text));
    holds.add(rule);
  }

  /** Stays or not, if it is for this rule alone. */
  void add(Rule.Verdict verdict) {
    (verdict.keep() ? forIt : against).add(verdict.cause());
  }

  /** Speaks against it. */
  void drop(String rule, String text) {
    against.add(new Cause(rule, text));
  }

  /** Goes although a rule keeps it. */
  void cut(String rule, String text) {
    cut = true;
    against.clear();
    drop(rule, text);
  }

  boolean isKept() {
    return !forIt.isEmpty() && !cut;
  }

  boolean isHeld() {
    return !holds.isEmpty();
  }

  /** The rule that holds it, the first where there are several. */
  String heldBy() {
    return holds.get(0);
  }

  /** Whether there is but one word for it. */
  boolean hasOneCause() {
    return forIt.size() == 1;
  }

  Decision decision(String sink) {
    return new Decision(backup(), sink, isKept(), isKept() ? forIt : against);
  }
}
