package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many rows every table has, or was last said to have. */
enum RowCounts {
  /** Counted, in the session's snapshot: found again in a restored database. */
  EXACT {
    @Override
    Facts of(Session session, Tables tables) throws IOException {
      SortedMap<String, Long> counts = new TreeMap<>();
      for (Tables.Table table : tables.all()) {
        if (table.hasRows()) {
          counts.put(
              "rows of " + table.name(),
              session.number("SELECT count(*) FROM ONLY " + table.name().quoted()));
        }
      }
      return new Facts(counts, new TreeMap<>(), new TreeMap<>(), List.of());
    }
  },

  /** What the planner goes by: only told, for a restored database would not show the same. */
  ESTIMATED {
    @Override
    Facts of(Session session, Tables tables) throws IOException {
      SortedMap<String, String> notes = new TreeMap<>();
      for (Tables.Table table : tables.all()) {
        if (table.hasRows()) {
          long about = session.number("SELECT reltuples::bigint FROM pg_class WHERE oid = "
              + Session.literal(table.name().quoted()) + "::regclass");
          notes.put("about rows of " + table.name(), about < 0 ? "unknown" : Long.toString(about));
        }
      }
      return new Facts(new TreeMap<>(), new TreeMap<>(), notes, List.of());
    }
  };

  abstract Facts of(Session session, Tables tables) throws IOException;
}
