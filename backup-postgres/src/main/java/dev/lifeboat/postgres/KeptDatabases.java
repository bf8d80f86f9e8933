package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was live before restores of one database, and is there still. */
final class KeptDatabases {
  private static final Logger LOG = LoggerFactory.getLogger(KeptDatabases.class);

  private final Cluster cluster;
  private final String database;

  KeptDatabases(Cluster cluster, String database) {
    this.cluster = cluster;
    this.database = database;
  }

  /** The oldest first. */
  List<KeptDatabase> all() throws IOException {
    List<KeptDatabase> kept = new ArrayList<>();
    for (Database each : cluster.ours(database)) {
      Marker marker = each.marker().orElseThrow();
      if (marker.kind() == Marker.Kind.BEFORE) {
        kept.add(new KeptDatabase(each.name(), marker.time(), cluster.size(each)));
      }
    }
    kept.sort(Comparator.comparing(KeptDatabase::since));
    return kept;
  }

  List<KeptDatabase> dropUntil(Instant limit) throws IOException {
    List<KeptDatabase> dropped = new ArrayList<>();
    for (KeptDatabase each : all()) {
      if (!each.since().isAfter(limit)) {
        cluster.drop(cluster.require(each.name()));
        dropped.add(each);
      }
    }
    return dropped;
  }

  /** Nobody else tells that they take space until they are dropped. */
  void report() throws IOException {
    notice(all()).ifPresent(LOG::warn);
  }

  Optional<String> notice(List<KeptDatabase> kept) {
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    String list = kept.stream()
        .map(each ->
            Text.quoted(each.name()) + " since " + each.since() + ", " + each.bytes() + " bytes")
        .collect(Collectors.joining("; "));
    return Optional.of("Of earlier restores of the database " + Text.quoted(database)
        + " the server still keeps what was live before: " + list
        + ". dropKept() drops those older than 24 hours.");
  }
}
