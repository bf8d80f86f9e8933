package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.retention.RetentionPlan.Decision;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** Makes one plan: first what people said, then the rules, then the guards, then the limits of space. */
final class Planner {
  private final Options options;
  private final Stock stock;
  private final List<Draft> drafts;
  private final List<String> warnings = new ArrayList<>();

  Planner(Options options, Stock stock) {
    this.options = options;
    this.stock = stock;
    this.drafts = stock.newestFirst().stream().map(Draft::new).toList();
  }

  RetentionPlan plan() {
    drafts.forEach(this::holdWhatPeopleSaid);
    Replaced.judge(drafts, stock, warnings);
    Unsound.judge(drafts, stock, warnings);
    applyRules();
    Guards.apply(drafts);
    Unsound.holdWhatIsOlderThanSuspect(drafts, stock, warnings);
    applySizeLimits();
    List<Decision> decisions =
        drafts.stream().map(draft -> draft.decision(stock.sink())).toList();
    return new RetentionPlan(Guards.neverEverything(decisions, warnings), warnings);
  }

  private void holdWhatPeopleSaid(Draft draft) {
    for (Pin pin : draft.backup().pins()) {
      String by = pin.by().isEmpty() ? "" : " by " + Text.printable(pin.by());
      String why = pin.why().isEmpty() ? "" : ": " + Text.printable(pin.why());
      draft.hold("pin", "pinned" + by + why);
    }
    draft
        .backup()
        .keepUntil()
        .filter(until -> until.isAfter(stock.now()))
        .ifPresent(until -> draft.hold("keep-until", "to be kept until " + until));
    if (options.always().contains(draft.backup().reason())) {
      draft.hold("always", "always kept: " + draft.backup().reason());
    }
  }

  private void applyRules() {
    if (!options.isByReason()) {
      judge(drafts, options.rules(), options.zone());
      return;
    }
    for (Draft draft : drafts) {
      Reason reason = draft.backup().reason();
      if (!options.byReason().containsKey(reason)) {
        draft.hold("no-rule", "no rule for " + reason + ", so it stays");
      }
    }
    options
        .byReason()
        .forEach((reason, policy) -> judge(of(reason), policy.rules(), options.zoneOf(policy)));
  }

  private List<Draft> of(Reason reason) {
    return drafts.stream()
        .filter(draft -> draft.backup().reason().equals(reason))
        .toList();
  }

  /** What is held takes no place, so it is not shown to the rules. */
  private void judge(List<Draft> group, List<Rule> rules, ZoneId zone) {
    List<Draft> open = group.stream().filter(draft -> !draft.isHeld()).toList();
    List<Draft> counted =
        open.stream().filter(draft -> draft.candidate().isGood()).toList();
    List<Draft> incomplete =
        open.stream().filter(draft -> draft.candidate().isIncomplete()).toList();
    for (Rule rule : rules) {
      judge(counted, rule, zone);
      if (rule.takesIncomplete()) {
        judge(incomplete, rule, zone);
      }
      open.stream()
          .filter(draft -> draft.candidate().isDamaged())
          .forEach(draft -> draft.add(judgeAsIfSound(draft, counted, rule, zone)));
    }
  }

  private void judge(List<Draft> group, Rule rule, ZoneId zone) {
    List<Rule.Verdict> verdicts =
        rule.judge(group.stream().map(Draft::backup).toList(), zone, stock.now());
    for (int i = 0; i < group.size(); i++) {
      group.get(i).add(verdicts.get(i));
    }
  }

  /** Each damaged one by itself among the good ones: it takes the place of nobody. */
  private Rule.Verdict judgeAsIfSound(Draft damaged, List<Draft> counted, Rule rule, ZoneId zone) {
    List<Backup> others = new ArrayList<>(counted.stream().map(Draft::backup).toList());
    int place =
        (int) counted.stream().filter(draft -> draft.isNewerThan(damaged)).count();
    others.add(place, damaged.backup());
    Rule.Verdict verdict = rule.judge(others, zone, stock.now()).get(place);
    return verdict.keep() ? new Rule.Verdict(true, Unsound.asIfSound(verdict.cause())) : verdict;
  }

  private void applySizeLimits() {
    options
        .byReason()
        .forEach((reason, policy) -> policy
            .maxTotalSize()
            .ifPresent(bytes ->
                new SizeLimit(bytes, " of " + reason, stock.place()).apply(of(reason), warnings)));
    options
        .maxTotalSize()
        .ifPresent(bytes -> new SizeLimit(bytes, "", stock.place()).apply(drafts, warnings));
  }
}
