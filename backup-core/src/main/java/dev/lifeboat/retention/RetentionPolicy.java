package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which backups stay.
 *
 * <pre>{@code
 * RetentionPolicy.keepLast(3).daily(7).weekly(4).monthly(12).always(Reason.PRE_MIGRATION)
 * RetentionPolicy.keepWithin(Duration.ofDays(30)).monthly(12)
 * RetentionPolicy.of(Reason.SCHEDULED, keepLast(14)).and(Reason.MANUAL, keepWithin(Duration.ofDays(30)))
 * }</pre>
 *
 * <p>A backup stays if any rule keeps it. {@code daily(7)} keeps the newest backup of each of the last seven calendar
 * days that hold one, so a gap costs nothing and a hundred restarts in an hour take one place; the other calendar rules
 * do the same. What {@link #always}, a pin or a {@code keepUntil} holds stays and takes no place in the rules. The time
 * of a backup is that of its id.
 *
 * <p>Guards are part of every policy and cannot be switched off:
 * <ul>
 *   <li>The newest good backup stays, and so do the last three good ones that were not made before a restore.
 *   <li>Only good ones count. An incomplete one stays while it is newer than the newest good one; a damaged one stays if
 *       it would stay were it sound, and takes nobody's place; a suspect one stays, and so does all that is older,
 *       until it is accepted.
 *   <li>A backup dated more than five minutes after now stays, counts for nothing, and is reported.
 *   <li>A plan that would remove everything removes nothing.
 * </ul>
 *
 * <p>Immutable. Each option can be given once. {@link #toString} reads the policy out.
 */
public final class RetentionPolicy {
  private final Options options;

  private RetentionPolicy(Options options) {
    this.options = options;
  }

  /** Keeps everything; with {@link #maxTotalSize}, as much as fits. */
  public static RetentionPolicy keepAll() {
    return new RetentionPolicy(Options.of(new EverythingRule()));
  }

  /**
   * Keeps the newest ones.
   *
   * @throws IllegalArgumentException if {@code backups} is less than 1
   */
  public static RetentionPolicy keepLast(int backups) {
    return new RetentionPolicy(Options.of(lastRule("keepLast", backups)));
  }

  /**
   * Keeps what is not older than {@code age}, counted back from the moment of planning.
   *
   * @throws IllegalArgumentException if {@code age} is not positive
   */
  public static RetentionPolicy keepWithin(Duration age) {
    return new RetentionPolicy(Options.of(withinRule("keepWithin", age)));
  }

  /**
   * Judges the backups of one reason by a policy of their own; {@link #and(Reason, RetentionPolicy)} adds those of
   * others. Backups of a reason that is given none are kept, and the plan says so. The policy of a reason may have a
   * {@link #zone} and a {@link #maxTotalSize} of its own.
   *
   * @throws IllegalArgumentException if {@code policy} is itself one by reason, or has an {@link #always}
   */
  public static RetentionPolicy of(Reason reason, RetentionPolicy policy) {
    Objects.requireNonNull(reason, "reason");
    return new RetentionPolicy(Options.of(reason, policy.options));
  }

  /**
   * The same, with a policy for one more reason.
   *
   * @throws IllegalArgumentException if this policy did not begin with {@link #of}, if the reason has a policy already,
   *     or if {@code policy} is itself one by reason, or has an {@link #always}
   */
  public RetentionPolicy and(Reason reason, RetentionPolicy policy) {
    Objects.requireNonNull(reason, "reason");
    return new RetentionPolicy(options.and(reason, policy.options));
  }

  /**
   * Keeps the newest ones too.
   *
   * @throws IllegalArgumentException if {@code backups} is less than 1, given twice, or given to a policy that keeps
   *     everything or is one by reason
   */
  public RetentionPolicy last(int backups) {
    return with(lastRule("last", backups));
  }

  /**
   * Keeps what is not older than {@code age} too, counted back from the moment of planning.
   *
   * @throws IllegalArgumentException if {@code age} is not positive, given twice, or given to a policy that keeps
   *     everything or is one by reason
   */
  public RetentionPolicy within(Duration age) {
    return with(withinRule("within", age));
  }

  /**
   * Keeps the newest of each of the last so many hours that hold one. An hour that the clocks repeat is two.
   *
   * @throws IllegalArgumentException if {@code hours} is less than 1, given twice, or given to a policy that keeps
   *     everything or is one by reason
   */
  public RetentionPolicy hourly(int hours) {
    return with(bucketRule(Bucket.HOURLY, hours));
  }

  /**
   * Keeps the newest of each of the last so many days that hold one.
   *
   * @throws IllegalArgumentException if {@code days} is less than 1, given twice, or given to a policy that keeps
   *     everything or is one by reason
   */
  public RetentionPolicy daily(int days) {
    return with(bucketRule(Bucket.DAILY, days));
  }

  /**
   * Keeps the newest of each of the last so many weeks (ISO 8601: they begin on Monday) that hold one.
   *
   * @throws IllegalArgumentException if {@code weeks} is less than 1, given twice, or given to a policy that keeps
   *     everything or is one by reason
   */
  public RetentionPolicy weekly(int weeks) {
    return with(bucketRule(Bucket.WEEKLY, weeks));
  }

  /**
   * Keeps the newest of each of the last so many months that hold one.
   *
   * @throws IllegalArgumentException if {@code months} is less than 1, given twice, or given to a policy that keeps
   *     everything or is one by reason
   */
  public RetentionPolicy monthly(int months) {
    return with(bucketRule(Bucket.MONTHLY, months));
  }

  /**
   * Keeps the newest of each of the last so many years that hold one.
   *
   * @throws IllegalArgumentException if {@code years} is less than 1, given twice, or given to a policy that keeps
   *     everything or is one by reason
   */
  public RetentionPolicy yearly(int years) {
    return with(bucketRule(Bucket.YEARLY, years));
  }

  /**
   * Keeps backups of these reasons for ever; they take no place in the rules. Nothing bounds the space they take.
   *
   * @throws IllegalArgumentException if no reason is named, or given twice
   */
  public RetentionPolicy always(Reason... reasons) {
    Set<Reason> named = new TreeSet<>(List.of(reasons));
    if (named.isEmpty()) {
      throw new IllegalArgumentException("always must name at least one reason");
    }
    return new RetentionPolicy(options.andAlways(named));
  }

  /**
   * Keeps no more than this in each sink, manifests not counted: of what only rules keep, the oldest go. Guards, pins,
   * {@code keepUntil} and {@link #always} are stronger; if they hold more than this, the plan says so.
   *
   * @throws IllegalArgumentException if {@code bytes} is less than 1, or given twice
   */
  public RetentionPolicy maxTotalSize(long bytes) {
    requireAtLeastOne("maxTotalSize", bytes);
    return new RetentionPolicy(options.andMaxTotalSize(bytes));
  }

  /**
   * The zone whose calendar the rules go by. Default: the system's, as it was when the policy was begun.
   *
   * @throws IllegalArgumentException if given twice
   */
  public RetentionPolicy zone(ZoneId zone) {
    return new RetentionPolicy(options.andZone(Objects.requireNonNull(zone, "zone")));
  }

  /** The zone whose calendar the rules go by, where the policy of a reason has none of its own. */
  public ZoneId zone() {
    return options.zone();
  }

  /**
   * Decides for the copies in one sink. A pure function: no clock is read, and the order of the backups does not matter.
   * A backup without a copy in the sink, or whose copy is not there at present, is not in the plan. A copy that is
   * damaged in this sink counts as damaged here, also where another sink has it whole.
   *
   * @param backups all of the series
   * @param sink the sink's description
   * @param now when the plan is made
   * @throws IllegalArgumentException if a backup comes twice
   */
  public RetentionPlan plan(List<Backup> backups, String sink, Instant now) {
    Objects.requireNonNull(sink, "sink");
    Objects.requireNonNull(now, "now");
    List<Backup> ours = backups.stream().filter(backup -> !Untrusted.is(backup)).toList();
    RetentionPlan plan = new Planner(options, Stock.of(ours, sink, now)).plan();
    return Untrusted.among(backups).addedTo(plan, sink);
  }

  private RetentionPolicy with(Rule rule) {
    return new RetentionPolicy(options.and(rule));
  }

  private static Rule lastRule(String option, int backups) {
    requireAtLeastOne(option, backups);
    return new LastRule(backups);
  }

  private static Rule withinRule(String option, Duration age) {
    if (age.isNegative() || age.isZero()) {
      throw new IllegalArgumentException(option + " must be longer than nothing, was " + age);
    }
    return new WithinRule(age);
  }

  private static Rule bucketRule(Bucket bucket, int count) {
    requireAtLeastOne(bucket.key(), count);
    return new BucketRule(bucket, count);
  }

  private static void requireAtLeastOne(String option, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be at least 1, was " + value);
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RetentionPolicy policy && options.equals(policy.options);
  }

  @Override
  public int hashCode() {
    return options.hashCode();
  }

  /** What it does: {@code "keep the last 3, 7 daily, 4 weekly, 12 monthly, always pre-migration"}. */
  @Override
  public String toString() {
    return options.words();
  }
}
