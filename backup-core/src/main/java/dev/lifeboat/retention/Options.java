package dev.lifeboat.retention;

import dev.lifeboat.catalog.Reason;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a policy was told. Either it has rules, or it has a policy for some reasons.
 *
 * @param rules what keeps a backup, in the order in which a policy is read out
 * @param byReason as given; empty where the rules are for all
 * @param zone the system's, or as given
 */
record Options(
    List<Rule> rules,
    Map<Reason, Options> byReason,
    SortedSet<Reason> always,
    OptionalLong maxTotalSize,
    ZoneId zone,
    boolean zoneGiven) {
  private static final List<String> ORDER =
      List.of("last", "within", "hourly", "daily", "weekly", "monthly", "yearly");

  Options {
    rules = List.copyOf(rules);
    byReason = Collections.unmodifiableMap(new LinkedHashMap<>(byReason));
    always = Collections.unmodifiableSortedSet(new TreeSet<>(always));
  }

  static Options of(Rule rule) {
    return new Options(List.of(rule), Map.of());
  }

  static Options of(Reason reason, Options policy) {
    return new Options(List.of(), Map.of(reason, policy.requirePlain(reason)));
  }

  private Options(List<Rule> rules, Map<Reason, Options> byReason) {
    this(rules, byReason, new TreeSet<>(), OptionalLong.empty(), ZoneId.systemDefault(), false);
  }

  Options and(Rule rule) {
    if (isByReason()) {
      throw new IllegalArgumentException(
          rule.key() + " belongs to the policy of one reason, this is one by reason: " + words());
    }
    List<Rule> more = new ArrayList<>(rules);
    for (Rule given : rules) {
      if (given.takesIncomplete()) {
        throw new IllegalArgumentException(
            rule.key() + " adds nothing to a policy that keeps everything");
      }
      requireOnce(rule.key(), given.key().equals(rule.key()));
    }
    more.add(rule);
    more.sort(Comparator.comparingInt(each -> ORDER.indexOf(each.key())));
    return new Options(more, byReason, always, maxTotalSize, zone, zoneGiven);
  }

  Options and(Reason reason, Options policy) {
    if (!isByReason()) {
      throw new IllegalArgumentException("and(" + reason
          + ", …) continues of(reason, policy), this policy has rules for all: " + words());
    }
    requireOnce(reason.name(), byReason.containsKey(reason));
    Map<Reason, Options> more = new LinkedHashMap<>(byReason);
    more.put(reason, policy.requirePlain(reason));
    return new Options(rules, more, always, maxTotalSize, zone, zoneGiven);
  }

  Options andAlways(Set<Reason> reasons) {
    requireOnce("always", !always.isEmpty());
    return new Options(rules, byReason, new TreeSet<>(reasons), maxTotalSize, zone, zoneGiven);
  }

  Options andMaxTotalSize(long bytes) {
    requireOnce("maxTotalSize", maxTotalSize.isPresent());
    return new Options(rules, byReason, always, OptionalLong.of(bytes), zone, zoneGiven);
  }

  Options andZone(ZoneId given) {
    requireOnce("zone", zoneGiven);
    return new Options(rules, byReason, always, maxTotalSize, given, true);
  }

  private static void requireOnce(String option, boolean givenBefore) {
    if (givenBefore) {
      throw new IllegalArgumentException(option + " is given twice");
    }
  }

  private Options requirePlain(Reason reason) {
    if (isByReason()) {
      throw new IllegalArgumentException(
          "the policy of " + reason + " must have rules of its own, was one by reason: " + words());
    }
    if (!always.isEmpty()) {
      throw new IllegalArgumentException(
          "always belongs to the policy as a whole, the policy of " + reason + " was: " + words());
    }
    return this;
  }

  boolean isByReason() {
    return !byReason.isEmpty();
  }

  /** The zone for a reason's policy: its own, else that of the whole. */
  ZoneId zoneOf(Options policy) {
    return policy.zoneGiven ? policy.zone : zone;
  }

  /** {@code "keep the last 3, 7 daily, always pre-migration"}. */
  String words() {
    List<String> words = new ArrayList<>();
    byReason.forEach((reason, policy) -> words.add(reason + ": " + policy.words()));
    if (isByReason()) {
      words.add("any other reason: keep everything");
    } else {
      words.add("keep " + String.join(", ", rules.stream().map(Rule::words).toList()));
    }
    if (!always.isEmpty()) {
      words.add(
          "always " + String.join(" and ", always.stream().map(Reason::name).toList()));
    }
    maxTotalSize.ifPresent(bytes -> words.add("at most " + Words.size(bytes)));
    if (zoneGiven) {
      words.add("by the calendar of " + zone);
    }
    return String.join(isByReason() ? "; " : ", ", words);
  }
}
