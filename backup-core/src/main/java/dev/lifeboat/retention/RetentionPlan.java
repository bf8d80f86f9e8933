package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.sum.Sum;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What goes and what stays, each with its causes. Inert: {@code Backups.prune} carries it out. {@link #toString} is a
 * table for people, one line for each backup.
 *
 * @param decisions newest first; one for every backup that has a copy in the sink
 * @param warnings what somebody should look at, as sentences; empty if there is nothing
 */
public record RetentionPlan(List<Decision> decisions, List<String> warnings) {
  public RetentionPlan {
    decisions = List.copyOf(decisions);
    warnings = List.copyOf(warnings);
  }

  /**
   * What becomes of one sink's copy of a backup.
   *
   * @param backup whose copy it is
   * @param sink where, by the sink's description
   * @param keep whether it stays
   * @param causes why it stays, or why it goes; at least one
   */
  public record Decision(Backup backup, String sink, boolean keep, List<Cause> causes) {
    public Decision {
      Objects.requireNonNull(backup, "backup");
      Objects.requireNonNull(sink, "sink");
      causes = List.copyOf(causes);
      if (causes.isEmpty()) {
        throw new IllegalArgumentException("a decision has at least one cause");
      }
    }
  }

  /**
   * Why a backup stays or goes.
   *
   * @param rule a short key that does not change, for statistics: {@code all}, {@code last}, {@code within},
   *     {@code hourly} to {@code yearly}, {@code always}, {@code pin}, {@code keep-until}, {@code no-rule},
   *     {@code guard}, {@code future}, {@code suspect}, {@code incomplete}, {@code damaged}, {@code size},
   *     {@code untrusted}, {@code not-permitted} (by the sink, in what {@code prune} returns); more may be added
   * @param text for people: {@code "daily 2026-02-14, 2 of 7"}
   */
  public record Cause(String rule, String text) {
    public Cause {
      Objects.requireNonNull(rule, "rule");
      Objects.requireNonNull(text, "text");
    }
  }

  /** What stays, newest first. */
  public List<Decision> kept() {
    return decisions.stream().filter(Decision::keep).toList();
  }

  /** What goes, newest first. */
  public List<Decision> removed() {
    return decisions.stream().filter(decision -> !decision.keep()).toList();
  }

  /** Bytes of the components that go. */
  public long bytesFreed() {
    return Sum.of(removed().stream().mapToLong(decision -> decision.backup().storedSize()));
  }

  /** What was decided about this backup; the first decision if the plan is about several sinks, empty if it has none. */
  public Optional<Decision> decision(BackupId id) {
    return decisions.stream()
        .filter(decision -> decision.backup().id().equals(id))
        .findFirst();
  }

  @Override
  public String toString() {
    int idWidth = decisions.stream()
        .mapToInt(decision -> decision.backup().id().toString().length())
        .max()
        .orElse(0);
    boolean severalSinks = decisions.stream().map(Decision::sink).distinct().count() > 1;
    StringBuilder table = new StringBuilder();
    for (Decision decision : decisions) {
      line(table, decision, idWidth, severalSinks);
    }
    for (String warning : warnings) {
      table.append("warning: ").append(warning).append('\n');
    }
    return table
        .append(kept().size())
        .append(" stay, ")
        .append(removed().size())
        .append(" go, ")
        .append(Words.size(bytesFreed()))
        .append(" freed")
        .toString();
  }

  private static void line(
      StringBuilder table, Decision decision, int idWidth, boolean severalSinks) {
    String id = decision.backup().id().toString();
    String size = Words.size(decision.backup().storedSize());
    table
        .append(decision.keep() ? "keep    " : "remove  ")
        .append(id)
        .append(" ".repeat(idWidth - id.length() + 2))
        .append(" ".repeat(Math.max(0, 10 - size.length())))
        .append(size)
        .append("  ");
    if (severalSinks) {
      table.append("in ").append(Text.printable(decision.sink())).append(": ");
    }
    table
        .append(String.join("; ", decision.causes().stream().map(Cause::text).toList()))
        .append('\n');
  }
}
