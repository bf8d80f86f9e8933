package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A restore into a new database that takes the name of the live one, or a name that none had. What was done is read from
 * the names, the comments and the numbers of the databases, so that every step goes on where a crash has left it.
 */
final class Swap {
  /** How long leftovers of hosts on other machines are left alone, and old databases are kept. */
  static final Duration KEPT = Duration.ofHours(24);

  /** Every new database has it. */
  private static final String PUBLIC = "public";

  private final PostgresConnection connection;
  private final Staging staging;
  private final RestorePlan plan;
  private final RestoreOptions options;

  Swap(PostgresConnection connection, Staging staging, RestorePlan plan, RestoreOptions options) {
    this.connection = connection;
    this.staging = staging;
    this.plan = plan;
    this.options = options;
  }

  /** What the live database, or what is to be one, is beside its content. */
  void stage(Archive archive, Contents contents, DatabaseProperties model) throws IOException {
    try (Cluster cluster = cluster()) {
      // what takes a database's place must not let in whom that kept out
      boolean access = options.owners() || plan.way() == RestoreOptions.Way.SWAP;
      Likeness likeness = new Likeness(model, cluster.session().server(), access, options.owners());
      at("create");
      cluster.run(likeness.creation(plan.staged()));
      at("mark");
      cluster.comment(plan.staged(), Optional.of(comment(Marker.Kind.RESTORE)));
      at("restore");
      makeSchemas(contents);
      restore(cluster.session(), archive, contents);
      at("analyze");
      try (Session session = connection.open(plan.staged())) {
        session.interruptibly(() -> {
          session.run("ANALYZE");
          return true;
        });
      }
      at("settings");
      for (String sql : likeness.finish(cluster.session(), plan.staged())) {
        cluster.run(sql);
      }
      Map<String, String> staged = new TreeMap<>();
      staged.put("oid", Long.toString(cluster.require(plan.staged()).oid()));
      model.comment().ifPresent(text -> staged.put("comment", text));
      at("staged");
      staging.keep("staged", staged);
    }
  }

  /** A backup of tables comes without the schemas that they are in. */
  private void makeSchemas(Contents contents) throws IOException {
    Set<String> needed = new TreeSet<>(contents.schemasNeeded());
    needed.addAll(options.chosen().schemasNeeded());
    needed.remove(PUBLIC);
    if (needed.isEmpty()) {
      return;
    }
    try (Session session = connection.open(plan.staged())) {
      for (String schema : needed) {
        session.run("CREATE SCHEMA IF NOT EXISTS " + Session.quoted(schema));
      }
    }
  }

  private void restore(Session reached, Archive archive, Contents contents) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--jobs=" + options.jobs()));
    if (!options.owners()) {
      arguments.addAll(List.of("--no-owner", "--no-privileges"));
    }
    if (plan.way() == RestoreOptions.Way.NEW) {
      arguments.add("--no-tablespaces");
    }
    arguments.addAll(options.chosen().arguments());
    arguments.addAll(
        archive.without(contents.schemasAmong(Set.of(PUBLIC)), staging.list(), options.deadline()));
    new Loading(connection, staging, plan, options)
        .restore(reached, archive.file(), plan.staged(), arguments);
  }

  Facts check() throws IOException {
    stagedOid();
    try (Session session = connection.open(plan.staged())) {
      Facts found = StagedDatabase.facts(session, plan.countsRows());
      StagedDatabase.require(session, options.checks());
      Facts facts = found.note("restored by", "pg_restore into the database " + plan.staged());
      return options.chosen().isAll() ? facts : ofChosen(facts);
    }
  }

  /** What was recorded of all that is left out cannot be found; of what is chosen the rows must be. */
  private Facts ofChosen(Facts found) throws IOException {
    Facts facts = staging.recorded();
    requireRowsOf(options.chosen().tables(), found);
    for (Map.Entry<String, Long> each : found.counts().entrySet()) {
      if (each.getKey().startsWith("rows of ")) {
        facts = facts.count(each.getKey(), each.getValue());
      }
    }
    return facts.note("restored", "only the " + options.chosen().shown());
  }

  /** Of a partitioned table pg_restore brings an empty one. */
  private void requireRowsOf(Set<TableName> tables, Facts found) throws IOException {
    if (!plan.countsRows()) {
      return;
    }
    for (TableName table : tables) {
      if (!found.counts().containsKey("rows of " + table)) {
        throw new IOException("Of the table " + table
            + " no rows were restored: it holds none of its own. If it has partitions, choose them"
            + " too, by their names. Nothing was changed.");
      }
    }
  }

  void apply() throws IOException {
    long oid = stagedOid();
    try (Cluster cluster = cluster()) {
      Optional<Database> live = cluster.find(plan.database());
      if (live.isEmpty() || live.get().oid() != oid) {
        Database fresh = cluster.require(plan.staged());
        if (fresh.oid() != oid) {
          throw new IOException("The database " + Text.quoted(plan.staged())
              + " is not the one that was staged. Nothing was changed.");
        }
        if (live.isPresent() && plan.way() == RestoreOptions.Way.NEW) {
          throw exists();
        }
        swap(cluster, live, fresh);
      } else if (!live.get().open()) {
        cluster.open(plan.database(), true); // an undo was killed
      }
      prove(cluster, oid);
    }
  }

  FileAlreadyExistsException exists() {
    return new FileAlreadyExistsException(
        plan.database(), null, "a database of that name is there already. Nothing was changed.");
  }

  private void swap(Cluster cluster, Optional<Database> live, Database fresh) throws IOException {
    if (live.isPresent()) {
      staging.keep(
          "live", live.get().comment().map(text -> Map.of("comment", text)).orElse(Map.of()));
      at("announce");
      cluster.comment(fresh.name(), Optional.of(comment(Marker.Kind.APPLY)));
      at("block");
      cluster.open(plan.database(), false);
    }
    at("block staged");
    cluster.open(fresh.name(), false);
    at("end sessions");
    cluster.empty(fresh, options.patience());
    if (live.isPresent()) {
      cluster.empty(live.get(), options.patience());
    }
    at("swap");
    cluster.together(() -> {
      if (live.isPresent()) {
        cluster.rename(live.get(), plan.before());
        at("between the renames");
        cluster.comment(plan.before(), Optional.of(comment(Marker.Kind.BEFORE)));
      }
      cluster.rename(fresh, plan.database());
      cluster.comment(plan.database(), wanted(live));
      cluster.open(plan.database(), true);
      at("commit");
    });
    at("swapped");
  }

  /** Of the live one as it is now; a new one has the one that was recorded. */
  private Optional<String> wanted(Optional<Database> live) throws IOException {
    return live.isPresent()
        ? live.get().comment()
        : Optional.ofNullable(staged().get("comment"));
  }

  private void prove(Cluster cluster, long oid) throws IOException {
    Database now = cluster.require(plan.database());
    if (now.oid() != oid || !now.open()) {
      throw new IOException("The database " + Text.quoted(plan.database())
          + " is not the one that was restored, or nobody can connect to it");
    }
    at("prove");
    try (Session session = connection.open(plan.database())) {
      if (session.number("SELECT oid FROM pg_database WHERE datname = current_database()") != oid) {
        throw new IOException(session.place() + " is not the database that was restored");
      }
    } catch (IOException e) {
      if (!PostgresErrors.stateOf(e).equals("53300")) { // the application was quicker
        throw e;
      }
    }
  }

  void undo() throws IOException {
    try (Cluster cluster = cluster()) {
      Optional<Database> old = cluster.find(plan.before()).filter(each -> isOurs(each));
      Optional<Database> live = cluster.find(plan.database());
      Optional<Long> oid = Optional.ofNullable(staged().get("oid")).map(Long::parseLong);
      boolean ours = live.isPresent() && oid.isPresent() && live.get().oid() == oid.get();
      if (old.isEmpty() && !(ours && plan.way() == RestoreOptions.Way.NEW)) {
        if (ours) {
          throw new IOException("The database " + Text.quoted(plan.database())
              + " is the one that was restored, and what was live before it is there no more: there"
              + " is no database " + Text.quoted(plan.before()));
        }
        release(cluster);
        return;
      }
      if (live.isPresent() && !ours) {
        throw new IOException("Somebody else has put a database in the place of "
            + Text.quoted(plan.database()) + ". What was live before the restore is "
            + Text.quoted(plan.before()) + "; rename it by hand: " + byHand());
      }
      back(cluster, old, live);
    }
  }

  private void back(Cluster cluster, Optional<Database> old, Optional<Database> live)
      throws IOException {
    try {
      if (live.isPresent()) {
        at("undo block");
        cluster.open(plan.database(), false);
        at("undo end sessions");
        cluster.empty(live.get(), options.patience());
      }
      if (old.isPresent()) {
        cluster.empty(old.get(), options.patience());
      }
      at("undo swap");
      Optional<String> comment =
          Optional.ofNullable(staging.values("live").orElse(Map.of()).get("comment"));
      cluster.together(() -> {
        if (live.isPresent()) {
          cluster.rename(live.get(), plan.staged());
          at("undo between the renames");
          cluster.comment(plan.staged(), Optional.of(comment(Marker.Kind.RESTORE)));
          cluster.open(plan.staged(), true);
        }
        if (old.isPresent()) {
          cluster.rename(old.get(), plan.database());
          cluster.comment(plan.database(), comment);
          cluster.open(plan.database(), true);
        }
        at("undo commit");
      });
      at("undo swapped");
    } catch (IOException e) {
      throw new IOException(
          "What was live before could not be brought back: " + e.getMessage()
              + ". It is the database " + Text.quoted(plan.before()) + "; rename it by hand: "
              + byHand(),
          e);
    }
  }

  private String byHand() {
    return "ALTER DATABASE " + Session.quoted(plan.database()) + " RENAME TO "
        + Session.quoted(plan.staged()) + "; ALTER DATABASE " + Session.quoted(plan.before())
        + " RENAME TO " + Session.quoted(plan.database()) + "; ALTER DATABASE "
        + Session.quoted(plan.database()) + " ALLOW_CONNECTIONS true";
  }

  /** What an apply has shut and never swapped, or an undo never got through with. */
  private void release(Cluster cluster) throws IOException {
    Optional<Database> live = cluster.find(plan.database());
    if (live.isPresent() && !live.get().open() && staging.values("live").isPresent()) {
      at("release");
      cluster.open(plan.database(), true);
    }
  }

  void discard() throws IOException {
    try (Cluster cluster = cluster()) {
      Loading loading = new Loading(connection, staging, plan, options);
      loading.endLeftBehind(cluster.session());
      release(cluster);
      Optional<Database> staged = cluster.find(plan.staged());
      // made, and killed before it could be marked: its name alone is of our plan and no other
      if (staged.isPresent() && (isOurs(staged.get()) || staged.get().comment().isEmpty())) {
        at("drop");
        cluster.drop(staged.get());
      }
    }
  }

  private boolean isOurs(Database database) {
    return database.marker().filter(marker -> marker.id().equals(plan.id())).isPresent();
  }

  /**
   * Removes what restores of the same database have left that were killed: staged copies, and a live database that nobody
   * can connect to.
   */
  static void sweep(Cluster cluster, String database, Instant now) throws IOException {
    for (Database each : Database.ours(cluster.session(), database)) {
      Marker marker = each.marker().orElseThrow();
      boolean dead = marker.maker().isHere()
          ? !marker.maker().mayLive()
          : marker.time().plus(KEPT).isBefore(now);
      if (marker.kind() == Marker.Kind.BEFORE || !dead) {
        continue;
      }
      if (marker.kind() == Marker.Kind.APPLY) {
        Optional<Database> live = cluster.find(database);
        if (live.isPresent() && !live.get().open()) {
          cluster.open(database, true);
        }
      }
      cluster.drop(each);
    }
  }

  private Cluster cluster() throws IOException {
    return Cluster.of(connection, plan.database(), options);
  }

  private Map<String, String> staged() throws IOException {
    return staging.values("staged").orElse(Map.of());
  }

  private long stagedOid() throws IOException {
    String oid = staged().get("oid");
    if (oid == null) {
      throw new IOException("The staging directory "
          + Text.printable(staging.directory().toString())
          + " holds no complete copy; nothing was changed.");
    }
    return Long.parseLong(oid);
  }

  private String comment(Marker.Kind kind) {
    return Marker.of(kind, plan.id(), options.clock().instant(), plan.database())
        .comment();
  }

  private void at(String step) {
    options.steps().at(step);
  }
}
