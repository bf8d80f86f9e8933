package dev.lifeboat.catalog;

import dev.lifeboat.sink.Digest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The record that makes a backup exist: written once, last, and never changed. Format 1, {@code FORMAT.md}.
 *
 * @param id the backup's name
 * @param series the line of backups it belongs to
 * @param identity whose data it is
 * @param zone the policy's zone when it was made; tells, decides nothing
 * @param took from opening the snapshots to the manifest, in whole milliseconds
 * @param skew between the first and the last snapshot, in whole milliseconds
 * @param layout how its components became objects: {@code "parts"}
 * @param state as it was made: COMPLETE, SUSPECT or INCOMPLETE; in clear, so that a host without keys can tell too
 * @param keepUntil until when retention leaves it alone, if that was said
 * @param readBackBy until when its objects are to be read back, which the store only says to have; empty if each was attested
 *     or read back before this was written
 * @param components one for every source, in their order
 * @param details what tells about the content; empty when it is sealed and this host cannot open it
 * @param sealed the same as it lies in the manifest of an encrypted backup
 * @param previous the newest manifest of the series that its writer saw
 * @param replaces the backup whose content this one has under another data key: that one is deleted, or about to be
 * @param writer the library and version that wrote it
 */
public record Manifest(
    BackupId id,
    String series,
    Identity identity,
    ZoneId zone,
    Duration took,
    Duration skew,
    String layout,
    State state,
    Optional<Instant> keepUntil,
    Optional<Instant> readBackBy,
    List<Component> components,
    Optional<Details> details,
    Optional<String> sealed,
    Optional<Predecessor> previous,
    Optional<BackupId> replaces,
    String writer) {
  /** The largest manifest, in bytes. */
  public static final int MAX_BYTES = 16 << 20;

  public Manifest {
    Objects.requireNonNull(id, "id");
    Names.require("series", series);
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(zone, "zone");
    took = wholeMillis("took", took);
    skew = wholeMillis("skew", skew);
    Objects.requireNonNull(layout, "layout");
    if (state != State.COMPLETE && state != State.SUSPECT && state != State.INCOMPLETE) {
      throw new IllegalArgumentException(
          "a manifest's state is COMPLETE, SUSPECT or INCOMPLETE, was " + state);
    }
    Objects.requireNonNull(keepUntil, "keepUntil");
    Objects.requireNonNull(readBackBy, "readBackBy");
    components = List.copyOf(components);
    Objects.requireNonNull(details, "details");
    Objects.requireNonNull(sealed, "sealed");
    Objects.requireNonNull(previous, "previous");
    Objects.requireNonNull(replaces, "replaces");
    Objects.requireNonNull(writer, "writer");
  }

  /**
   * What tells about the backup as a whole.
   *
   * @param by who asked for it; empty if nobody was named
   * @param note for people; empty if there is none
   * @param tags the host's own
   * @param doubts what was odd beside the ones before, as sentences
   */
  public record Details(String by, String note, Map<String, String> tags, List<String> doubts) {
    public Details {
      Objects.requireNonNull(by, "by");
      Objects.requireNonNull(note, "note");
      tags = Map.copyOf(tags);
      doubts = List.copyOf(doubts);
    }

    /** On one line, whatever was written into it. */
    @Override
    public String toString() {
      return Text.shown(this);
    }
  }

  /**
   * The manifest before.
   *
   * @param id its backup
   * @param digest its exact bytes
   */
  public record Predecessor(BackupId id, Digest digest) {
    public Predecessor {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(digest, "digest");
    }
  }

  private static Duration wholeMillis(String what, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException(what + " must not be negative, was " + duration);
    }
    return duration.truncatedTo(ChronoUnit.MILLIS);
  }

  /** Whether it is the manifest of an encrypted backup. */
  public boolean isEncrypted() {
    return sealed.isPresent();
  }

  /** What tells about the content as JSON, to be sealed. */
  public byte[] detailsToBytes() {
    return ManifestWriter.details(this);
  }

  /** The same manifest for an encrypted backup: it is stored with its details sealed. */
  public Manifest sealed(String text) {
    return with(components, details, Optional.of(text));
  }

  /**
   * The same manifest, with what was sealed.
   *
   * @param json what {@link #detailsToBytes} gave
   * @throws FormatException if it is something else
   */
  public Manifest revealed(byte[] json) throws FormatException {
    return ManifestReader.revealed(this, json);
  }

  Manifest with(List<Component> changed, Optional<Details> opened, Optional<String> text) {
    return new Manifest(
        id,
        series,
        identity,
        zone,
        took,
        skew,
        layout,
        state,
        keepUntil,
        readBackBy,
        changed,
        opened,
        text,
        previous,
        replaces,
        writer);
  }

  /** One component, by its name. */
  public Optional<Component> component(String name) {
    return components.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /**
   * Reads one, strictly: what is missing, doubled, too long, too deep or of the wrong type is refused; unknown members
   * are ignored unless they are named in {@code critical}.
   *
   * @throws FormatException if it is no manifest that this version can read; the message says what is wrong and where
   */
  public static Manifest parse(byte[] json) throws FormatException {
    return ManifestReader.read(json);
  }

  /** As it is stored; {@link #parse} gives an equal manifest, but for details that are sealed. */
  public byte[] toBytes() {
    return ManifestWriter.write(this);
  }

  /** On one line, whatever was written into it. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
