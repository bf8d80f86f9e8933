package dev.lifeboat.storage.local;

import dev.lifeboat.BackupException;
import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.Backups;
import dev.lifeboat.CreateRequest;
import dev.lifeboat.RestoreRequest;
import dev.lifeboat.Restored;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.retention.RetentionPlan;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.testkit.Oracle;
import dev.lifeboat.testkit.Report;
import dev.lifeboat.testkit.Report.Making;
import dev.lifeboat.testkit.Report.What;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Uses a series as a host does, tells what it does, and looks whether each verb did what it said. */
final class Sailor {
  private static final List<Reason> REASONS =
      List.of(Reason.MANUAL, Reason.SCHEDULED, Reason.PRE_MIGRATION, Reason.of("before-the-storm"));

  private final Backups backups;
  private final Live live;
  private final Clock clock;
  private final Consumer<Report> told;

  Sailor(Backups backups, Live live, Clock clock, Consumer<Report> told) {
    this.backups = backups;
    this.live = live;
    this.clock = clock;
    this.told = told;
  }

  /** The same, telling somebody else. */
  Sailor telling(Consumer<Report> other) {
    return new Sailor(backups, live, clock, other);
  }

  String create(Random random) {
    live.change(random);
    CreateRequest request = CreateRequest.of(REASONS.get(random.nextInt(REASONS.size())))
        .tag("step", Integer.toString(random.nextInt()))
        .note(random.nextBoolean() ? "" : "a note");
    if (random.nextInt(10) == 0) {
      request = request.only("orders");
    }
    if (random.nextInt(8) == 0) {
      request = request.pinned("for the audit");
    }
    if (random.nextInt(8) == 0) {
      Duration time = Duration.ofHours(1 + random.nextInt(1000));
      request = request.keepUntil(clock.instant().plus(time));
    }
    Making making =
        live.making(request.components(), request.pin().isPresent(), request.keepUntil());
    CreateRequest wanted = request;
    return "made " + made(making, () -> Optional.of(backups.create(wanted))).orElseThrow();
  }

  Optional<BackupId> createIfDue(Duration age, Random random) {
    live.change(random);
    return made(
        live.making(Set.of(), false, Optional.empty()),
        () -> backups.createIfDue(age, Reason.SCHEDULED));
  }

  private interface Create {
    Optional<Backup> go();
  }

  private Optional<BackupId> made(Making making, Create create) {
    told.accept(Report.making(making));
    Optional<Backup> made;
    try {
      made = create.go();
    } catch (BackupException e) {
      if (!String.valueOf(e.getMessage()).startsWith("Cannot tell whether")) {
        told.accept(Report.notMade());
      }
      throw e;
    }
    if (made.isEmpty()) {
      told.accept(Report.notMade());
      return Optional.empty();
    }
    told.accept(Report.of(What.MADE, made.get().id()));
    require(Oracle.contents(made.get()).equals(making.contents()), "it holds something else");
    return Optional.of(made.get().id());
  }

  /** Everything it holds, or one component of it. */
  String restore(BackupId id, Map<String, Digest> contents, Random random) {
    live.change(random);
    Map<String, Digest> before = live.digests();
    Set<String> chosen = random.nextInt(5) == 0
        ? Set.of(List.copyOf(new TreeMap<>(contents).keySet()).get(random.nextInt(contents.size())))
        : contents.keySet();
    Map<String, Digest> after = new TreeMap<>(before);
    chosen.forEach(name -> after.put(name, contents.get(name)));
    told.accept(Report.of(What.JUDGING, id));
    told.accept(Report.making(live.making(Set.of(), false, Optional.empty())));
    Restored restored;
    try {
      restored = backups.restore(RestoreRequest.inPlace(id, chosen.toArray(String[]::new)));
    } catch (BackupException | MortalSink.PowerCut e) {
      if (!(e instanceof BackupException known && known.kind() == Kind.STUCK)) {
        require(live.digests().equals(before), "what is live has changed, and " + e.getMessage());
      }
      requireOldOrNew(before, after);
      throw e;
    }
    told.accept(restored.before().map(b -> Report.of(What.MADE, b.id())).orElse(Report.notMade()));
    require(restored.before().isPresent(), "nothing was backed up before");
    require(live.digests().equals(after), "what is live is not what was saved");
    return "restored " + chosen + " of " + id;
  }

  private void requireOldOrNew(Map<String, Digest> before, Map<String, Digest> after) {
    live.digests().forEach((name, digest) -> {
      boolean whole = digest.equals(before.get(name)) || digest.equals(after.get(name));
      require(whole, "what is live of " + name + " is neither old nor new");
    });
  }

  /** One component, beside what is live. */
  String restore(BackupId id, String component, Elsewhere target) {
    Map<String, Digest> before = live.digests();
    told.accept(Report.of(What.JUDGING, id));
    try {
      backups.restore(RestoreRequest.elsewhere(id, component, target));
    } finally {
      require(live.digests().equals(before), "what is live has changed");
    }
    return "restored " + component + " of " + id + " elsewhere";
  }

  String verify(BackupId id, Depth depth) {
    told.accept(Report.of(What.JUDGING, id));
    try {
      backups.verify(id, depth);
    } catch (BackupException e) {
      if (e.kind() == Kind.DAMAGED
          && String.valueOf(e.getMessage()).contains("It is marked as damaged")) {
        told.accept(Report.of(What.DAMAGED, id));
      }
      throw e;
    }
    return "proved " + id + " at " + depth;
  }

  RetentionPlan prune() {
    return prune(backups.planPrune());
  }

  RetentionPlan prune(RetentionPlan plan) {
    Set<BackupId> wanted = removed(plan);
    wanted.forEach(id -> told.accept(Report.of(What.DELETING, id)));
    RetentionPlan done = backups.prune(plan);
    Set<BackupId> removed = removed(done);
    require(wanted.containsAll(removed), "more was removed than was planned");
    wanted.forEach(
        id -> told.accept(Report.of(removed.contains(id) ? What.DELETED : What.KEPT, id)));
    return done;
  }

  static Set<BackupId> removed(RetentionPlan plan) {
    Set<BackupId> removed = new HashSet<>();
    plan.removed().forEach(decision -> removed.add(decision.backup().id()));
    return removed;
  }

  String delete(BackupId id) {
    return delete(id, () -> backups.delete(id));
  }

  /** Its pins go first, so a failure may leave it without. */
  String forceDelete(BackupId id) {
    told.accept(Report.of(What.PINNING, id));
    return delete(id, () -> backups.forceDelete(id, "the model says so"));
  }

  private String delete(BackupId id, Runnable verb) {
    told.accept(Report.of(What.DELETING, id));
    try {
      verb.run();
    } catch (BackupException e) {
      if (e.kind() == Kind.REFUSED) {
        told.accept(Report.of(What.KEPT, id));
      }
      throw e;
    }
    told.accept(Report.of(What.DELETED, id));
    return "deleted " + id;
  }

  String pin(BackupId id) {
    told.accept(Report.of(What.PINNING, id));
    backups.pin(id, "the model says so");
    told.accept(Report.of(What.PINNED, id));
    return "pinned " + id;
  }

  String unpin(BackupId id) {
    told.accept(Report.of(What.PINNING, id));
    backups.unpin(id);
    told.accept(Report.of(What.UNPINNED, id));
    return "unpinned " + id;
  }

  /** Every component, read to its end. */
  String read(BackupId id, Map<String, Digest> contents) throws IOException {
    for (Map.Entry<String, Digest> content : contents.entrySet()) {
      try (InputStream in = backups.open(id, content.getKey())) {
        require(Digest.of(in).equals(content.getValue()), id + " gives something else");
      }
    }
    return "read " + id;
  }

  /** One verb, on a backup of which nothing is known but what is listed. */
  String something(Random random) throws IOException {
    List<Backup> listed = backups.list();
    if (listed.isEmpty() || random.nextInt(3) == 0) {
      return create(random);
    }
    Backup backup = listed.get(random.nextInt(listed.size()));
    BackupId id = backup.id();
    Map<String, Digest> contents = Oracle.contents(backup);
    return switch (random.nextInt(10)) {
      case 0, 1 -> verify(id, List.of(Depth.values()).get(random.nextInt(3)));
      case 2, 3 -> restore(id, contents, random);
      case 4, 5 -> "pruned " + removed(prune());
      case 6 -> delete(id);
      case 7 -> pin(id);
      case 8 -> unpin(id);
      default -> read(id, contents);
    };
  }

  static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
