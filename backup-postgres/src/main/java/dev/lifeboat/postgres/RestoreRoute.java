package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where a restore goes, and by which way: found out before anything is begun. */
final class RestoreRoute {
  /** What is known before anything is begun. */
  record Look(Archive archive, Contents contents, DatabaseProperties model, RestorePlan plan) {}

  private final PostgresConnection connection;
  private final Optional<String> name;
  private final RestoreOptions options;

  /** @param name of a new database; empty for the one that the connection leads to */
  RestoreRoute(PostgresConnection connection, Optional<String> name, RestoreOptions options) {
    this.connection = connection;
    this.name = name;
    this.options = options;
  }

  String database() throws IOException {
    return name.isPresent() ? name.get() : connection.database();
  }

  Cluster cluster() throws IOException {
    return Cluster.of(connection, database(), options);
  }

  /** Tidies up after others, and finds out what way it goes; nothing of ours is begun. */
  RestoreOptions.Way choose(Facts recorded, boolean replacing) throws IOException {
    String database = database();
    if (isDemanded(RestoreOptions.Way.IN_PLACE) && !options.isDrill()) {
      return RestoreOptions.Way.IN_PLACE;
    }
    try (Cluster cluster = cluster()) {
      Swap.sweep(cluster, database, options.clock().instant());
      boolean there = cluster.find(database).isPresent();
      if (!replacing && there) {
        throw new FileAlreadyExistsException(
            database, null, "a database of that name is there already. Nothing was changed.");
      }
      if (!there) {
        return RestoreOptions.Way.NEW;
      }
    } catch (NoSuchFileException | AccessDeniedException e) {
      if (name.isPresent() || isDemanded(RestoreOptions.Way.SWAP)) {
        throw e;
      }
      return RestoreOptions.Way.IN_PLACE; // there is no maintenance database for us
    }
    try (Session session = open()) {
      List<String> obstacles = new Rights(session, Tables.of(session, Scope.WHOLE)).againstSwap();
      if (!obstacles.isEmpty() && !isDemanded(RestoreOptions.Way.SWAP)) {
        return RestoreOptions.Way.IN_PLACE;
      } else if (!obstacles.isEmpty()) {
        throw new AccessDeniedException(
            session.place(),
            null,
            "it cannot be swapped: " + String.join("; ", obstacles) + ". Nothing was changed.");
      }
      if (options.isDrill()) {
        return RestoreOptions.Way.SWAP; // as far as the new database, which never becomes live
      }
      Requirements.requireWhole(recorded, session);
      Requirements.requireNothingPrepared(session);
      if (!options.replication()) {
        Requirements.requireNothingHangsOn(session);
      }
      return RestoreOptions.Way.SWAP;
    }
  }

  private boolean isDemanded(RestoreOptions.Way way) {
    return options.way().equals(Optional.of(way));
  }

  /** Its connection is let go, or it would be in the way of a swap. */
  Look look(RestoreOptions.Way way, Facts recorded, Staging staging) throws IOException {
    try (Session session = reached(way)) {
      new KeptDatabases(session, database()).report();
      Archive archive = Archive.of(
          staging.archive(),
          session,
          options.search(),
          way == RestoreOptions.Way.IN_PLACE,
          options.deadline());
      Contents contents = archive.contents(options.chosen(), options.deadline());
      DatabaseProperties model = way == RestoreOptions.Way.NEW
          ? Likeness.recorded(recorded)
          : DatabaseProperties.of(session);
      Set<String> also = model.owner().isEmpty() ? Set.of() : Set.of(model.owner());
      Requirements.require(session, contents, options.owners(), also);
      boolean countsRows =
          recorded.counts().keySet().stream().anyMatch(what -> what.startsWith("rows of "));
      RestorePlan plan = new RestorePlan(
          way, Marker.freshId(), database(), archive.client().directory().toString(), countsRows);
      return new Look(archive, contents, model, plan);
    }
  }

  private Session reached(RestoreOptions.Way way) throws IOException {
    if (way != RestoreOptions.Way.NEW) {
      return open();
    }
    return name.isPresent()
        ? connection.open()
        : connection.open(options.maintenance().orElse("postgres"));
  }

  Session open() throws IOException {
    return name.isPresent() ? connection.open(name.get()) : connection.open();
  }
}
