package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Identity;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.source.BackupSource;
import dev.lifeboat.source.RestoreTarget;
import dev.lifeboat.sum.Sum;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What a restore would do, and everything that speaks against it. Changes nothing. To be used once. */
final class Preflight {
  static final String UNTOUCHED = "What is live is as it was.";

  private final Series series;
  private final Announcer announcer;
  private final RestoreRequest request;
  private final BackupId id;
  private final Manifest manifest;
  private final Optional<String> untrusted;
  private final Map<Component, RestoreTarget> targets = new LinkedHashMap<>();
  private final List<String> objections = new ArrayList<>();
  private final List<String> spaceObjections = new ArrayList<>();

  /**
   * Reads the manifest.
   *
   * @throws BackupException NOT_FOUND, DAMAGED, REFUSED, WRONG_KEY or SINK
   */
  Preflight(Series series, Announcer announcer, RestoreRequest request) {
    this.series = series;
    this.announcer = announcer;
    this.request = request;
    this.id = request.id();
    Opened opened = series.manifest(id, "restore", UNTOUCHED);
    this.manifest = opened.manifest();
    this.untrusted = opened.untrusted();
  }

  /** What would be done, and what speaks against it. */
  RestorePlan plan() {
    requireTrust();
    chooseTargets();
    compareIdentity();
    requireConfirmation();
    List<RestorePlan.Step> steps = new ArrayList<>();
    targets.forEach((component, target) -> steps.add(step(component, target)));
    long staging = staging(steps);
    long free = free();
    if (staging > free) {
      spaceObjections.add("staging needs " + staging + " bytes in " + series.work() + ", and "
          + free + " are free");
    }
    List<String> all = new ArrayList<>(objections);
    all.addAll(spaceObjections);
    return new RestorePlan(id, steps, staging, free, all);
  }

  /**
   * Bytes in the work directory when most lies there. What is live is taken to be as large as the backup says it was; how
   * a target proves and undoes is taken to be a copy each.
   */
  private long staging(List<RestorePlan.Step> steps) {
    long staged = Sum.of(steps.stream().mapToLong(RestorePlan.Step::size));
    long replaced =
        Sum.of(steps.stream().filter(RestorePlan.Step::replaces).mapToLong(RestorePlan.Step::size));
    // what proves that one is live is gone before the next is applied, what undoes it is not
    long proof = steps.stream().mapToLong(RestorePlan.Step::size).max().orElse(0);
    long applying = Sum.of(replaced, proof);
    long saving = replaced > 0 && request.isInPlace() && !request.mayGoWithoutBackup()
        ? Sum.of(replaced, notRestored())
        : 0;
    return Sum.of(staged, Math.max(applying, saving));
  }

  /** The backup before holds all sources. */
  private long notRestored() {
    return Sum.of(manifest.components().stream()
        .filter(component -> !targets.containsKey(component))
        .mapToLong(Preflight::size));
  }

  private static long size(Component component) {
    return component
        .details()
        .flatMap(Component.Details::plain)
        .map(Digest::size)
        .orElse(0L);
  }

  /**
   * The same, where nothing speaks against it.
   *
   * @throws BackupException REFUSED with all that does, NO_SPACE if that is only room
   */
  void require() {
    RestorePlan plan = plan();
    if (!plan.isPossible()) {
      throw new BackupException(
          objections.isEmpty() ? Kind.NO_SPACE : Kind.REFUSED,
          "Cannot restore " + id + " of " + series.subject() + ": "
              + String.join("; ", plan.objections()) + ". " + UNTOUCHED,
          plan.objections(),
          null);
    }
    request
        .otherIdentity()
        .ifPresent(why ->
            announcer.warned(id.toString(), "restored across identities: " + Words.printable(why)));
    if (untrusted.isPresent()) {
      request
          .unsigned()
          .ifPresent(why -> announcer.warned(
              id.toString(),
              "restored although nothing proves who wrote it: " + Words.printable(why)));
    }
  }

  /** What goes where, in the order of applying. */
  Map<Component, RestoreTarget> targets() {
    return targets;
  }

  private void chooseTargets() {
    if (!request.isInPlace()) {
      requireComponents(request.elsewhere().keySet());
      request.elsewhere().forEach((name, target) -> choose(component(name), () -> target));
      return;
    }
    Set<String> wanted = new HashSet<>(request.components());
    requireComponents(wanted);
    for (Component component : manifest.components()) {
      if (wanted.isEmpty() || wanted.contains(component.name())) {
        Optional<BackupSource> source = series.source(component.name());
        if (source.isEmpty()) {
          objections.add(
              "there is no source \"" + component.name() + "\" here that it could go back to");
        } else {
          choose(component, () -> inPlaceTarget(source.get()));
        }
      }
    }
  }

  private void requireComponents(Set<String> names) {
    List<String> unknown = new TreeSet<>(names)
        .stream()
            .filter(name -> manifest.component(name).isEmpty())
            .map(Text::quoted)
            .toList();
    if (!unknown.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Cannot restore " + id + " of " + series.subject() + ": it has no component "
              + String.join(", ", unknown) + ". " + UNTOUCHED);
    }
  }

  private Component component(String name) {
    return manifest.component(name).orElseThrow();
  }

  private RestoreTarget inPlaceTarget(BackupSource source) {
    RestoreTarget target = source.target();
    if (!request.broken()) {
      return target;
    }
    try {
      return target.overBroken();
    } catch (UnsupportedOperationException e) {
      return target; // nothing of it can be broken: it is replaced as always, and backed up before
    }
  }

  private void choose(Component component, Supplier<RestoreTarget> given) {
    if (!component.isCaptured()) {
      objections.add("\"" + component.name() + "\" is not in it ("
          + component
              .details()
              .flatMap(Component.Details::missing)
              .map(Words::printable)
              .orElse("no reason was recorded")
          + "); name the components that are to be restored");
      return;
    }
    try {
      RestoreTarget target = given.get();
      String description = Words.printable(target.description());
      if (component.type().equals(target.type())) {
        targets.put(component, target);
      } else {
        objections.add("\"" + component.name() + "\" is of type " + Text.printable(component.type())
            + ", and " + description + " takes " + Text.printable(target.type()));
      }
    } catch (RuntimeException e) { // a host's own, and not as it must be
      objections.add("where \"" + component.name() + "\" would go cannot be told: unexpected "
          + e.getClass().getSimpleName() + ": " + Words.of(e));
    }
  }

  /** Whoever may write to the sink could have made it, and live data is not replaced by anybody's. */
  private void requireTrust() {
    if (request.unsigned().isEmpty()) {
      untrusted.ifPresent(why -> objections.add("nothing proves who wrote it: "
          + Words.printable(why) + " (acceptUnsigned(why) allows it)"));
    }
  }

  private void compareIdentity() {
    if (request.isInPlace() && request.otherIdentity().isEmpty()) {
      manifest
          .identity()
          .differencesFrom(live())
          .forEach(difference -> objections.add(difference + " (acrossIdentities(why) allows it)"));
    }
  }

  /** Where nothing is live any more, nobody can tell its schema: then only that is not compared. */
  private Identity live() {
    try {
      return series.identity();
    } catch (Exception e) {
      if (Words.kind(e, Kind.HOOK) == Kind.INTERRUPTED) {
        throw new BackupException(
            Kind.INTERRUPTED,
            "Cannot restore " + id + " of " + series.subject() + ": interrupted. " + UNTOUCHED,
            e);
      }
      announcer.warned(
          id.toString(), "the schema version of what is live could not be learnt: " + Words.of(e));
      return series.identity(Optional.empty());
    }
  }

  private void requireConfirmation() {
    String phrase = "restore " + series.name() + " " + id;
    if (request.isInPlace()
        && series.confirmRestores()
        && !request.confirmation().equals(phrase)) {
      objections.add("it is not confirmed; the phrase is \"" + phrase + "\"");
    }
  }

  private RestorePlan.Step step(Component component, RestoreTarget target) {
    String description = Words.printable(target.description());
    long size = size(component);
    RestoreTarget.Space space = space(target, description, size);
    if (space.needed() > space.free()) {
      spaceObjections.add(
          description + " needs " + space.needed() + " bytes, and " + space.free() + " are free");
    }
    return new RestorePlan.Step(
        component.name(),
        description,
        replaces(component, target),
        size,
        space.needed(),
        space.free());
  }

  private RestoreTarget.Space space(RestoreTarget target, String description, long size) {
    try {
      return target.spaceFor(size);
    } catch (IOException | RuntimeException e) {
      objections.add("the free space at " + description + " cannot be told: " + Words.of(e));
      return new RestoreTarget.Space(0, Long.MAX_VALUE);
    }
  }

  private boolean replaces(Component component, RestoreTarget target) {
    if (request.isInPlace() && request.broken()) {
      return true;
    }
    try {
      return target.holdsData();
    } catch (IOException | RuntimeException e) {
      if (request.isInPlace() && !request.mayGoWithoutBackup()) {
        objections.add("whether \"" + component.name() + "\" is live cannot be told: " + Words.of(e)
            + " (liveIsBroken() keeps it aside byte for byte)");
      }
      return true;
    }
  }

  private long free() {
    try {
      return series.work().free();
    } catch (IOException e) {
      throw series.workFailure("restore " + id + " of", e, UNTOUCHED);
    }
  }
}
