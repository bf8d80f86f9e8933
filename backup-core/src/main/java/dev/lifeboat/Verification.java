package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.FormatException;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Text;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.source.RestoreTarget;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Proves one backup at some depth; finds everything that is wrong, not only the first. To be used once. */
final class Verification {
  private final Series series;
  private final Announcer announcer;
  private final BackupId id;
  private final Damage recorded;
  private final List<String> damage = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();
  private Optional<String> untrusted = Optional.empty();

  Verification(Series series, Announcer announcer, BackupId id) {
    this.series = series;
    this.announcer = announcer;
    this.id = id;
    this.recorded = new Damage(series, announcer, id);
  }

  Proof verify(Depth depth) {
    long begin = System.nanoTime();
    try {
      new SeriesIdentity(series).check("verify " + id + " of");
      Opened opened = opened();
      if (opened != null) {
        if (depth != Depth.STORED) {
          opened.locked().ifPresent(locked -> {
            throw series.locked("verify", id, locked, "At STORED it can be verified without.");
          });
        }
        untrusted = opened.untrusted().filter(why -> series.canProve());
        if (depth == Depth.DRILL && untrusted.isPresent()) { // a drill runs what is in it
          throw found(
              Kind.UNPROVEN,
              "is not drilled",
              List.of("nothing proves who wrote it: " + Words.printable(untrusted.get())),
              "Nothing was read; at CONTENT it can be verified.");
        }
        verify(opened.manifest(), depth);
      }
    } catch (IOException e) {
      throw series.sinkFailure("verify " + id + " of", e, "Nothing was found out.");
    }
    if (!damage.isEmpty()) {
      series.requireNotDeletedMeanwhile(id, "verify", "Nothing was found out.");
      throw found(
          Kind.DAMAGED,
          "is damaged",
          damage,
          recorded.mark(String.join("; ", damage))
              ? "It is marked as damaged and does not count any more."
              : "It could not be marked as damaged, so it still counts.");
    } else if (untrusted.isPresent()) {
      throw found(
          Kind.UNPROVEN,
          "is stored as its manifest says, and does not count",
          List.of("nothing proves who wrote it: " + Words.printable(untrusted.get())),
          "Nothing was changed.");
    } else if (!doubts.isEmpty()) {
      throw found(
          Kind.UNPROVEN,
          "is stored as it was written, but did not stand the drill",
          doubts,
          "Nothing was changed.");
    }
    Proof proof = new Proof(
        series.clock().instant(),
        depth,
        series.shelf().description(),
        Duration.ofNanos(System.nanoTime() - begin));
    record(proof);
    return proof;
  }

  private @Nullable Opened opened() throws IOException {
    try (Opened opened = series.records().open(id)) {
      if (series.isDeleted(id)) {
        throw new BackupException(
            Kind.NOT_FOUND,
            "Cannot verify " + id + ": it was deleted from " + series.subject()
                + ", and its manifest is still or again there. Nothing was found out.");
      }
      return opened;
    } catch (DamagedDataException e) {
      damage.add(Words.of(e));
      return null;
    } catch (NoSuchFileException | FormatException e) {
      throw series.unreadable("verify", id, e, "Nothing was found out.");
    }
  }

  private void verify(Manifest manifest, Depth depth) throws IOException {
    PartFindings findings = new PartFindings(series, id);
    for (Component component : manifest.components()) {
      if (depth == Depth.STORED) {
        damage.addAll(findings.bySize(component));
        damage.addAll(findings.byDigest(component));
      } else if (!findings.bySize(component).isEmpty()) {
        damage.addAll(findings.byReading(component));
      } else if (depth == Depth.CONTENT && component.isCaptured()) {
        readContent(component, findings);
      }
    }
    damage.addAll(findings.unnamed(manifest));
    findings.strays(manifest).forEach(stray -> announcer.warned(id.toString(), stray));
    damage.addAll(findings.keys(manifest));
    if (depth == Depth.DRILL && damage.isEmpty()) {
      drill(manifest);
    }
  }

  private void readContent(Component component, PartFindings findings) throws IOException {
    try (Reading content = Reading.open(series, announcer, id, component)) {
      byte[] buffer = new byte[256 << 10];
      int n = content.read(buffer, 0, buffer.length);
      while (n >= 0) {
        n = content.read(buffer, 0, buffer.length);
      }
    } catch (DamagedDataException | NoSuchFileException e) {
      damage.addAll(findings.of(component, e));
    }
  }

  private void drill(Manifest manifest) throws IOException {
    List<Component> components =
        manifest.components().stream().filter(Component::isCaptured).toList();
    Map<Component, RestoreTarget> targets = new LinkedHashMap<>();
    for (Component component : components) {
      RestoreTarget target = series
          .source(component.name())
          .orElseThrow(() ->
              refused("there is no source \"" + component.name() + "\" here that could check it"))
          .target();
      if (!target.type().equals(component.type())) {
        throw refused("\"" + component.name() + "\" is of type "
            + Text.printable(component.type()) + ", and its source here takes "
            + Text.printable(target.type()));
      }
      targets.put(component, target.thorough());
    }
    damage.addAll(stage(targets));
  }

  /** What is damaged in what was staged; what is only doubtful is noted. */
  private List<String> stage(Map<Component, RestoreTarget> targets) {
    try (Stage stage = new Stage(series, announcer, id)) {
      for (Map.Entry<Component, RestoreTarget> entry : targets.entrySet()) {
        try {
          stage.add(entry.getKey(), entry.getValue());
        } catch (IOException | RuntimeException e) {
          throw stage.failure("drill", e, "Nothing was found out.");
        }
      }
      doubts.addAll(stage.doubts());
      return List.copyOf(stage.damage());
    } catch (IOException e) {
      throw series.workFailure("drill " + id + " of", e, "Nothing was found out.");
    }
  }

  /** A proof is kept if it can be; older ones of the same depth, and marks of damage that it refutes, go. */
  private void record(Proof proof) {
    try {
      List<CatalogEntry.MarkObject> outdated = new ArrayList<>();
      if (proof.depth() != Depth.STORED) {
        outdated.addAll(recorded.marks(Mark.Kind.DAMAGE));
      }
      for (CatalogEntry.MarkObject older : recorded.marks(Mark.Kind.PROOF)) {
        if (depthOf(older) == proof.depth()) {
          outdated.add(older);
        }
      }
      series.records().put(Mark.of(proof, id, series.name(), series.by()));
      recorded.drop(outdated);
    } catch (IOException e) {
      announcer.warned(
          id.toString(), "it is proven, but the proof could not be kept: " + Words.of(e));
    }
  }

  private Depth depthOf(CatalogEntry.MarkObject object) throws IOException {
    try {
      byte[] bytes = series.shelf().read(object.stored().name(), Mark.MAX_BYTES);
      return MarkFile.parse(bytes, id, series.name(), Mark.Kind.PROOF)
          .mark()
          .proof()
          .map(Proof::depth)
          .orElse(Depth.STORED);
    } catch (DamagedDataException | NoSuchFileException e) {
      return Depth.STORED;
    }
  }

  private BackupException refused(String why) {
    return new BackupException(
        Kind.REFUSED,
        "Cannot drill " + id + " of " + series.subject() + ": " + why + ". Nothing was done.");
  }

  private BackupException found(Kind kind, String what, List<String> findings, String state) {
    String first =
        findings.get(0) + (findings.size() > 1 ? " (and " + (findings.size() - 1) + " more)" : "");
    return new BackupException(
        kind,
        "Backup " + id + " of " + series.subject() + " " + what + ": " + first + ". " + state,
        findings,
        null);
  }
}
