package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * By what a database is known as ours: the comment on it, which tells the name that it must have. One without it, or of
 * another name, is somebody else's and never dropped.
 *
 * @param kind what it is
 * @param id of the restore
 * @param maker the process that made it
 * @param database whose restore that is
 */
record Marker(Kind kind, String id, Instant time, Maker maker, String database) {
  /** PostgreSQL cuts longer names without an error (NAMEDATALEN). */
  static final int LONGEST_NAME = 63;

  private static final Pattern COMMENT = Pattern.compile(
      "lifeboat (restore|apply|before) ([0-9a-f]{12}) at (\\S+) by (\\d+) (\\d+) (\\S+) of (.*)",
      Pattern.DOTALL);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What a database of ours is. */
  enum Kind {
    /** Made to become live. */
    RESTORE("restore"),
    /** The same, while it is being put in the place of what is live, which nobody may connect to meanwhile. */
    APPLY("apply"),
    /** What was live before. */
    BEFORE("before");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    static Kind of(String word) {
      return word.equals(BEFORE.word) ? BEFORE : word.equals(APPLY.word) ? APPLY : RESTORE;
    }
  }

  /** A process, of which there is one at a time on its machine. */
  record Maker(long pid, long start, String host) {
    static Maker self() {
      ProcessHandle self = ProcessHandle.current();
      return new Maker(self.pid(), startOf(self), hostName());
    }

    /** Whether it is of this machine; of one on another nobody knows whether it lives. */
    boolean isHere() {
      return host.equals(hostName());
    }

    /** Whether it may be at work still. */
    boolean mayLive() {
      if (!isHere()) {
        return true;
      }
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(process -> startOf(process) == start)
          .isPresent();
    }

    private static long startOf(ProcessHandle process) {
      return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName().replaceAll("\\s", "_");
      } catch (IOException e) {
        return "unknown-"
            + Text.printable(System.getProperty("user.name", "")).replaceAll("\\s", "_");
      }
    }
  }

  static Marker of(Kind kind, String id, Instant time, String database) {
    return new Marker(kind, id, time.truncatedTo(ChronoUnit.SECONDS), Maker.self(), database);
  }

  static String freshId() {
    byte[] id = new byte[6];
    RANDOM.nextBytes(id);
    return HexFormat.of().formatHex(id);
  }

  /** That of a database, if it is ours. */
  static Optional<Marker> of(String name, @Nullable String comment) {
    Matcher matcher = COMMENT.matcher(comment == null ? "" : comment);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      Marker marker = new Marker(
          Kind.of(matcher.group(1)),
          matcher.group(2),
          Instant.parse(matcher.group(3)),
          new Maker(
              Long.parseLong(matcher.group(4)), Long.parseLong(matcher.group(5)), matcher.group(6)),
          matcher.group(7));
      return marker.name().equals(name) ? Optional.of(marker) : Optional.empty();
    } catch (DateTimeParseException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** {@code shop_restore_0123456789ab}, the database's own name cut where that is too long. */
  String name() {
    return name(database, kind, id);
  }

  static String name(String database, Kind kind, String id) {
    String end = (kind == Kind.BEFORE ? "_before_" : "_restore_") + id;
    StringBuilder begin = new StringBuilder();
    int left = LONGEST_NAME - end.length();
    for (int c : database.codePoints().toArray()) {
      String next = Character.toString(c);
      left -= next.getBytes(StandardCharsets.UTF_8).length;
      if (left < 0) {
        break;
      }
      begin.append(next);
    }
    return begin + end;
  }

  String comment() {
    return "lifeboat " + kind.word + " " + id + " at " + time + " by " + maker.pid() + " "
        + maker.start() + " " + maker.host() + " of " + database;
  }
}
