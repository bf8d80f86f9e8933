package dev.lifeboat.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What restores have left whose hosts are gone, and what others are still at. */
class SweepTest {
  private static final Marker.Maker SELF = Marker.Maker.self();
  private static final Marker.Maker GONE =
      new Marker.Maker(SELF.pid(), SELF.start() - 1, SELF.host());
  private static final Marker.Maker ELSEWHERE = new Marker.Maker(1, 1, "another-machine");

  @TempDir
  Path directory;

  private final Server server = Server.of(Clients.OLDEST);

  @Test
  void onlyWhatNobodyMayStillBeAtIsDropped() throws Exception {
    String database = Shop.small(server);
    Duration old = Duration.ofDays(2);
    Duration fresh = Duration.ofHours(23);
    String kept = leave(database, "aaaaaaaaaaaa", Marker.Kind.RESTORE, old, SELF);
    String recent = leave(database, "bbbbbbbbbbbb", Marker.Kind.RESTORE, fresh, ELSEWHERE);
    String before = leave(database, "cccccccccccc", Marker.Kind.BEFORE, old, GONE);
    String dead = leave(database, "dddddddddddd", Marker.Kind.RESTORE, Duration.ZERO, GONE);
    String forgotten = leave(database, "eeeeeeeeeeee", Marker.Kind.RESTORE, old, ELSEWHERE);
    String foreign = Marker.name(database, Marker.Kind.RESTORE, "ffffffffffff");
    server.run("postgres", "CREATE DATABASE " + Session.quoted(foreign)); // without our comment

    Taken backup = Taken.of(Clients.source(server, database), directory);
    PostgresTarget target = Databases.target(server, database);
    target.discard(Databases.staged(target, backup, directory));

    assertThat(Databases.leftOf(server, database))
        .containsExactlyInAnyOrder(kept, recent, before, foreign)
        .doesNotContain(dead, forgotten);
    Databases.dropAllOf(server, database);
  }

  private String leave(
      String database, String id, Marker.Kind kind, Duration age, Marker.Maker maker)
      throws SQLException {
    String name = Marker.name(database, kind, id);
    Marker marker = new Marker(kind, id, Instant.now().minus(age), maker, database);
    server.run(
        "postgres",
        "CREATE DATABASE " + Session.quoted(name),
        "COMMENT ON DATABASE " + Session.quoted(name) + " IS '" + marker.comment() + "'");
    return name;
  }
}
