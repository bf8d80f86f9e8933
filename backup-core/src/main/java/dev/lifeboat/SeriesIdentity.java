package dev.lifeboat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.json.Json;
import dev.lifeboat.json.MalformedJsonException;
import dev.lifeboat.sink.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The random identity of a series in a sink, {@code series.json}. This machine remembers it: a sink that has lost it is
 * not mounted, or was emptied, and neither is taken for an empty history.
 */
final class SeriesIdentity {
  private static final int MAX_BYTES = 64 << 10;

  private final Series series;

  SeriesIdentity(Series series) {
    this.series = series;
  }

  /**
   * Looks whether the sink is the one that it was.
   *
   * @throws BackupException SINK if it is not
   */
  void check(String verb) throws IOException {
    found(verb);
  }

  private Optional<String> found(String verb) throws IOException {
    Optional<String> found = read(verb);
    Optional<String> known = known(verb);
    if (known.isPresent() && !known.equals(found)) {
      throw new BackupException(
          Kind.SINK,
          "Cannot " + verb + " " + series.subject() + ": "
              + (found.isEmpty()
                  ? "the series that this machine kept there is gone"
                  : "another series of this name lies there")
              + ", so it may not be mounted, or is another place. Nothing was changed. If it is to be used as it is now, remove "
              + series.work().knownFile(series.shelf().description()) + ".");
    } else if (found.isPresent() && known.isEmpty()) {
      rememberIfPossible(found.get());
    }
    found.ifPresent(this::tellEncryption);
    return found;
  }

  private void tellEncryption(String identity) {
    series.encryption().ifPresent(encryption -> encryption.know(series.name(), identity));
  }

  /** A monitor that may only read has no memory, and needs none to look. */
  private void rememberIfPossible(String identity) {
    try {
      series.work().rememberSeries(series.shelf().description(), identity);
    } catch (IOException e) {
      Log.warn(
          "The identity of {} is not remembered in {}: {}",
          series.subject(),
          series.work(),
          Words.of(e));
    }
  }

  private Optional<String> known(String verb) {
    try {
      return series.work().knownSeries(series.shelf().description());
    } catch (IOException e) {
      throw series.workFailure(verb, e, "Nothing was changed.");
    }
  }

  /** The same; where there is none and never was, it is put, before anything else. */
  void ensure(String verb) throws IOException {
    if (found(verb).isPresent()) {
      return;
    }
    String identity = BackupId.randomTail() + BackupId.randomTail();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", 1);
    json.put("series", series.name());
    json.put("identity", identity);
    try {
      series.shelf().put(series.names().identity(), Content.of(Json.write(json)));
      remember(verb, identity);
      tellEncryption(identity);
    } catch (FileAlreadyExistsException e) {
      check(verb); // somebody else was first
    }
  }

  /** Puts the guide for people who have lost everything else, unless it is there. To be called before the first backup. */
  void explain() throws IOException {
    try {
      series.shelf().put(series.names().recovery(), Content.of(recovery()));
    } catch (FileAlreadyExistsException e) {
      Log.debug("{} is there already", series.names().recovery());
    }
  }

  private void remember(String verb, String identity) {
    try {
      series.work().rememberSeries(series.shelf().description(), identity);
    } catch (IOException e) {
      throw series.workFailure(verb, e, "Nothing was changed.");
    }
  }

  private Optional<String> read(String verb) throws IOException {
    try {
      return Optional.of(
          Json.parse(series.shelf().read(series.names().identity(), MAX_BYTES)).string("identity"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (MalformedJsonException | DamagedDataException e) {
      throw new BackupException(
          Kind.SINK,
          "Cannot " + verb + " " + series.subject() + ": " + series.names().identity()
              + " is damaged: " + Words.of(e)
              + ". Nothing was changed. It only tells this series from others: remove it, and "
              + series.work().knownFile(series.shelf().description())
              + "; the next create puts a new one.",
          e);
    }
  }

  private static byte[] recovery() throws IOException {
    try (var text = SeriesIdentity.class.getResourceAsStream("RECOVERY.txt")) {
      if (text == null) {
        throw new IOException("RECOVERY.txt is missing in the library");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8)
          .getBytes(StandardCharsets.UTF_8);
    }
  }
}
