package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was live before restores of one database, and is there still. */
final class KeptDatabases {
  private static final Logger LOG = LoggerFactory.getLogger(KeptDatabases.class);

  private final Session session;
  private final String database;

  /** @param session in whichever database of the server */
  KeptDatabases(Session session, String database) {
    this.session = session;
    this.database = database;
  }

  /** The oldest first. */
  List<KeptDatabase> all() throws IOException {
    List<KeptDatabase> kept = new ArrayList<>();
    for (Database each : Database.ours(session, database)) {
      Marker marker = each.marker().orElseThrow();
      if (marker.kind() == Marker.Kind.BEFORE) {
        kept.add(new KeptDatabase(each.name(), marker.time(), size(each)));
      }
    }
    kept.sort(Comparator.comparing(KeptDatabase::since));
    return kept;
  }

  private OptionalLong size(Database each) throws IOException {
    return session
        .text(
            "SELECT pg_database_size(oid) FROM pg_database WHERE oid = ?::oid"
                + " AND (has_database_privilege(oid, 'CONNECT') OR pg_has_role('pg_read_all_stats', 'USAGE'))",
            each.oid())
        .map(bytes -> OptionalLong.of(Long.parseLong(bytes)))
        .orElse(OptionalLong.empty());
  }

  /** Nobody else tells that they take space until they are dropped. */
  void report() throws IOException {
    notice().ifPresent(notice -> LOG.warn("{}.", notice));
  }

  /** A sentence without a full stop; empty if there are none. */
  Optional<String> notice() throws IOException {
    List<KeptDatabase> kept = all();
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    String list = kept.stream()
        .map(each -> Text.quoted(each.name()) + " since " + each.since() + shown(each.bytes()))
        .collect(Collectors.joining("; "));
    return Optional.of("Of earlier restores of the database " + Text.quoted(database)
        + " the server still keeps what was live before: " + list
        + ". dropKept() drops those older than 24 hours");
  }

  private static String shown(OptionalLong bytes) {
    return bytes.isPresent() ? ", " + bytes.getAsLong() + " bytes" : "";
  }
}
