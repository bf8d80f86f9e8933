package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.codec.Codec;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.Seal;
import dev.lifeboat.layout.Memory;
import dev.lifeboat.layout.Parts;
import dev.lifeboat.layout.SourceException;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes one backup anew under another data key, and a new id: read and verified to its last byte, proven like every new
 * backup, and listed when its manifest is put, last. Nothing of the old one is changed. To be used once.
 */
final class Copying {
  private final Series series;
  private final Announcer announcer;
  private final Manifest old;
  private final BackupId id;
  private final Commit commit;

  /** Of a backup that this host can read. */
  Copying(Series series, Announcer announcer, Manifest old) {
    this.series = series;
    this.announcer = announcer;
    this.old = old;
    this.id = BackupId.create(old.id().time(), old.id().reason());
    this.commit = new Commit(series, announcer);
  }

  /**
   * Makes it.
   *
   * @return the copy's id
   * @throws BackupException DAMAGED if the old one is, which is marked then
   */
  BackupId copy() throws IOException {
    begin();
    try (SealMaking making = new SealMaking(series, id)) {
      Seal seal = making.await().orElseThrow();
      series.shelf().put(series.names().keys(id, 1), Content.of(seal.keys()));
      Manifest manifest = manifest(write(seal));
      String sealed = seal.conceal(manifest.detailsToBytes(), "details");
      commit.commit(manifest.sealed(sealed), CreateRequest.of(id.reason()), Optional.of(seal));
    } catch (IOException | RuntimeException | Error e) {
      cleanUp(e);
      throw e;
    }
    end();
    return id;
  }

  private List<Component> write(Seal seal) throws IOException {
    Memory memory = new Memory(series.partSize());
    List<Component> components = new ArrayList<>();
    for (Component component : old.components()) {
      components.add(component.isCaptured() ? write(component, memory, seal) : component);
    }
    return components;
  }

  private Component write(Component component, Memory memory, Seal seal) throws IOException {
    Component.Details details = Reading.details(component);
    Digest plain = details.plain().orElseThrow();
    List<Codec> codecs = codecs(component.name(), seal);
    try (Reading content = Reading.open(series, Announcer.silent(series), old.id(), component)) {
      Parts.Written written = new Parts(series.shelf())
          .write(
              series.names().folder(id) + component.name() + "." + suffix(component),
              new OldContent(content, plain.size(), details.facts()),
              codecs,
              series.partSize(),
              memory,
              bytes -> announcer.progress(
                  component.name(), BackupEvent.Step.WRITE, bytes, Optional.of(plain.size())));
      announcer.progressed(component.name(), BackupEvent.Step.WRITE, plain.size());
      return new Component(
          component.name(),
          component.type(),
          codecs.stream().map(Codec::id).toList(),
          written.parts(),
          Optional.of(details));
    } catch (SourceException e) {
      throw lost(component, e.getCause() instanceof IOException cause ? cause : e);
    } catch (NoSuchFileException e) {
      throw lost(component, e);
    }
  }

  /** The old content is wrong, which is a finding, or cannot be fetched. */
  private IOException lost(Component component, IOException e) throws IOException {
    if (!(e instanceof DamagedDataException || e instanceof NoSuchFileException)
        || Unfinished.isDeleted(series, old.id())) {
      return e;
    }
    List<String> findings = new PartFindings(series, old.id()).of(component, e);
    new Damage(series, announcer, old.id()).mark(String.join("; ", findings));
    throw new BackupException(
        Kind.DAMAGED, "it is damaged: " + String.join("; ", findings), findings, e);
  }

  /** As the source chose it: the first ending of its objects. */
  private String suffix(Component component) {
    String last = component.parts().get(0).name().last();
    return last.substring(component.name().length() + 1).split("\\.", 2)[0];
  }

  private List<Codec> codecs(String component, Seal seal) {
    List<Codec> codecs = new ArrayList<>();
    if (!series.compression().id().equals("none")) {
      codecs.add(series.compression());
    }
    codecs.add(seal.codec(component));
    return codecs;
  }

  private Manifest manifest(List<Component> components) {
    return new Manifest(
        id,
        old.series(),
        old.identity(),
        old.zone(),
        old.took(),
        old.skew(),
        Parts.ID,
        old.state(),
        old.keepUntil(),
        Optional.empty(),
        components,
        old.details(),
        Optional.empty(),
        old.previous(),
        Optional.of(old.id()),
        Version.WRITER);
  }

  private void begin() throws WorkFailedException {
    try {
      series.work().begin(id, series.shelf().description());
    } catch (IOException e) {
      throw new WorkFailedException(e);
    }
  }

  private void end() {
    try {
      series.work().end(id);
    } catch (IOException e) {
      announcer.warned(id.toString(), "the work directory could not be tidied: " + Words.of(e));
    }
  }

  /** What cannot be removed now is removed by the next run, for the work directory remembers it. */
  private void cleanUp(Throwable failure) {
    if (commit.isFateUnknown()) {
      return;
    }
    Interrupts.shield(() -> {
      try {
        if (!(failure instanceof FileAlreadyExistsException)) { // that is somebody else's
          new Leftovers(series, announcer).remove(id, commit.mayManifestArrive());
        }
        series.work().end(id);
      } catch (IOException | RuntimeException | Error e) {
        failure.addSuppressed(e);
      }
    });
  }
}
