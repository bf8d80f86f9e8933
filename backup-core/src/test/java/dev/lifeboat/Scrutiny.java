package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.State;
import dev.lifeboat.retention.RetentionPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the verbs of an encrypted fleet's reader make of backups that somebody has touched: the truth, or a reason and
 * nothing of it. Whatever else must hold at the end of a verb is asserted here.
 */
final class Scrutiny {
  private final Fleet fleet;
  private final Series series;
  private final Backups reader;
  private final Catalogue.View whole;

  /** To be made while nothing is touched. */
  Scrutiny(Fleet fleet, Backups reader) throws IOException {
    this(fleet, fleet.series, reader);
  }

  /** With the eyes of another host. */
  Scrutiny(Fleet fleet, Series series, Backups reader) throws IOException {
    this.fleet = fleet;
    this.series = series;
    this.reader = reader;
    this.whole = new Catalogue(series).read();
  }

  /** How a verb has ended. */
  record Ending(Optional<Kind> kind, String message, List<String> details) {
    static final Ending WELL = new Ending(Optional.empty(), "", List.of());

    static Ending of(BackupException e) {
      assertThat(Printable.objections(e)).isEmpty();
      return new Ending(Optional.of(e.kind()), String.valueOf(e.getMessage()), e.details());
    }

    boolean isWell() {
      return kind.isEmpty();
    }

    boolean is(Kind expected) {
      return kind.equals(Optional.of(expected));
    }
  }

  /** The catalogue as it was untouched. */
  Catalogue.View whole() {
    return whole;
  }

  /** At CONTENT. */
  Ending verify(BackupId id) {
    return ending(
        () -> new Verification(series, Announcer.silent(series), id).verify(Depth.CONTENT));
  }

  /** In place; what is live is what was backed up, or as it was. */
  Ending restore(BackupId id) {
    fleet.orders.live = "what is live in orders";
    fleet.uploads.live = "what is live in uploads";
    fleet.log.clear();
    RestoreRequest request = RestoreRequest.inPlace(id).withoutBackupBefore();
    Ending ending =
        ending(() -> new Restoration(series, Announcer.silent(series), request).restore());
    List<String> live =
        List.of(String.valueOf(fleet.orders.live), String.valueOf(fleet.uploads.live));
    if (ending.isWell()) {
      assertThat(live).isEqualTo(fleet.contents(id));
    } else {
      assertThat(live).containsExactly("what is live in orders", "what is live in uploads");
      assertThat(fleet.log).noneMatch(step -> step.contains(" apply") || step.contains(" undo"));
      assertThat(ending.message()).endsWith("What is live is as it was.");
    }
    return ending;
  }

  /** All that is released of it is what it began with, and all of it where that ends well. */
  Ending open(BackupId id, String component) {
    String truth = fleet.contents(id).get(component.equals("orders") ? 0 : 1);
    ByteArrayOutputStream released = new ByteArrayOutputStream();
    Ending ending = ending(() -> {
      try (InputStream in = reader.open(id, component)) {
        in.transferTo(released);
      } catch (IOException e) {
        throw new BackupException(Kind.DAMAGED, Words.of(e), e);
      }
    });
    String text = released.toString(StandardCharsets.UTF_8);
    assertThat(truth).as("what is released of %s", component).startsWith(text);
    if (ending.isWell()) {
      assertThat(text).isEqualTo(truth);
    }
    return ending;
  }

  private static Ending ending(Runnable verb) {
    try {
      verb.run();
      return Ending.WELL;
    } catch (BackupException e) {
      return Ending.of(e);
    }
  }

  /** Now, and without what was read before. */
  Catalogue.View view() throws IOException {
    PrivateFiles.deleteTree(series.work().cache());
    return new Catalogue(series).read();
  }

  /**
   * Whoever else is listed is listed as before, and no plan removes what it would not have removed before.
   *
   * @param touched who need not be as before: listed as it was or without what is sealed, as untrusted, or told as one that cannot be read
   */
  Catalogue.View assertOthersAreAsBefore(Set<BackupId> touched) throws IOException {
    Catalogue.View view = view();
    for (Backup before : whole.backups()) {
      if (!touched.contains(before.id())) {
        assertThat(view.backups()).contains(before);
      } else {
        assertThat(isListedOrTold(view, before))
            .as("%s in %s", before.id(), view.warnings())
            .isTrue();
      }
    }
    assertThat(removed(whole)).containsAll(removed(view));
    return view;
  }

  private static boolean isListedOrTold(Catalogue.View view, Backup before) {
    String told = before.id() + " ";
    return view.backups().stream()
            .anyMatch(now -> now.id().equals(before.id())
                && (now.state() == State.UNTRUSTED
                    || now.manifest().equals(before.manifest())
                    || now.manifest().details().isEmpty())) // what is sealed stays so
        || view.warnings().stream()
            .anyMatch(warning -> warning.startsWith(told + "cannot be read and does not count: ")
                || warning.contains("names " + told + "as the one before it, which is gone"));
  }

  /** What a prune would remove that nobody has forged. */
  Set<BackupId> removed(Catalogue.View view) {
    RetentionPlan plan =
        series.retention().plan(view.backups(), "memory fleet", fleet.clock.instant());
    return plan.removed().stream()
        .map(decision -> decision.backup().id())
        .filter(fleet.ids()::contains)
        .collect(Collectors.toSet());
  }
}
