package dev.lifeboat.testkit;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.sink.Digest;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What somebody who uses a series tells an {@link Oracle}: before a verb what it may change, after it what it says it
 * did. Who dies in between has told the first, and the {@code Oracle} takes either for right. One line of text, so that
 * another process can tell it too.
 *
 * @param what is told
 * @param id of whom; empty for {@link What#MAKING} and {@link What#NOT_MADE}
 * @param making what is being saved, for {@link What#MAKING}
 */
public record Report(What what, Optional<BackupId> id, Optional<Making> making) {
  /** Four are told before a verb, the others after it. */
  public enum What {
    /** A backup of this content is about to be made. */
    MAKING,
    /** The backup being made exists, under this id. */
    MADE(MAKING),
    /** The backup being made does not exist. */
    NOT_MADE(MAKING),
    /** This backup is about to be deleted. */
    DELETING,
    /** This backup is deleted. */
    DELETED(DELETING),
    /** This backup was not deleted. */
    KEPT(DELETING),
    /** Pins are about to be set or taken. */
    PINNING,
    /** It is pinned. */
    PINNED(PINNING),
    /** It has no pin. */
    UNPINNED(PINNING),
    /** It is about to be looked at closely: what is known of damage may change. */
    JUDGING,
    /** It is marked as damaged. */
    DAMAGED(JUDGING),
    /** It is not marked as damaged. */
    SOUND(JUDGING);

    private final What before;

    What() {
      this.before = this;
    }

    What(What before) {
      this.before = before;
    }

    /** The one of the four that this is, or that it answers. */
    public What before() {
      return before;
    }
  }

  /**
   * What a backup was to hold.
   *
   * @param contents of every component that could be read
   * @param complete whether these are all
   * @param pinned whether it is pinned from the start
   * @param keepUntil until when retention leaves it alone
   */
  public record Making(
      Map<String, Digest> contents, boolean complete, boolean pinned, Optional<Instant> keepUntil) {
    public Making {
      contents = Map.copyOf(contents);
      Objects.requireNonNull(keepUntil, "keepUntil");
    }

    /** Complete, and held by nothing. */
    public static Making of(Map<String, Digest> contents) {
      return new Making(contents, true, false, Optional.empty());
    }
  }

  /** A backup of this is about to be made. */
  public static Report making(Making making) {
    return new Report(What.MAKING, Optional.empty(), Optional.of(making));
  }

  /** The backup being made does not exist. */
  public static Report notMade() {
    return new Report(What.NOT_MADE, Optional.empty(), Optional.empty());
  }

  /** This is so of that backup. */
  public static Report of(What what, BackupId id) {
    return new Report(what, Optional.of(id), Optional.empty());
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Report parse(String line) {
    String[] words = line.split(" ", -1);
    What what = What.valueOf(words[0]);
    return switch (what) {
      case MAKING -> making(readMaking(words));
      case NOT_MADE -> notMade();
      default -> of(what, BackupId.parse(words[1]));
    };
  }

  /** One line. */
  @Override
  public String toString() {
    String first = what.toString() + id.map(backup -> " " + backup).orElse("");
    return first + making.map(Report::written).orElse("");
  }

  private static String written(Making making) {
    String contents = new TreeMap<>(making.contents())
        .entrySet().stream()
            .map(
                e -> e.getKey() + "=" + e.getValue().size() + ":" + e.getValue().sha256())
            .collect(Collectors.joining(","));
    return " " + making.complete() + " " + making.pinned() + " "
        + making.keepUntil().map(Instant::toString).orElse("-") + " " + contents;
  }

  private static Making readMaking(String[] words) {
    Map<String, Digest> contents = new TreeMap<>();
    for (String content : words[4].split(",", -1)) {
      String[] parts = content.split("[=:]", -1);
      contents.put(parts[0], new Digest(Long.parseLong(parts[1]), parts[2]));
    }
    return new Making(
        contents,
        Boolean.parseBoolean(words[1]),
        Boolean.parseBoolean(words[2]),
        words[3].equals("-") ? Optional.empty() : Optional.of(Instant.parse(words[3])));
  }
}
