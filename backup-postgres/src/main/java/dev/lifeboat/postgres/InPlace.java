package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A restore into the live database itself, in one transaction of pg_restore. Whether that came to its end is told by the
 * objects: it drops those of before and makes new ones, of other numbers.
 */
final class InPlace {
  private static final String BEGUN = "begun";
  private static final String UNDOING = "undoing";
  private static final String OBJECTS = "objects";
  private static final String LARGE_OBJECT = "LARGE OBJECT\t"; // which no DROP drops

  private static final List<String> ONE_TRANSACTION =
      List.of("--single-transaction", "--clean", "--if-exists");

  private static final String USERS = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

  /** Everything that is not part of something else, or of an extension. */
  private static final String ALL = """
      SELECT * FROM (
        SELECT 1 AS rank, 'pg_class'::regclass::oid AS classid, o.oid FROM pg_class o JOIN pg_namespace n ON n.oid = o.relnamespace
        WHERE o.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND o.relpersistence <> 't' AND %1$s
        UNION ALL
        SELECT 2, 'pg_proc'::regclass::oid, o.oid FROM pg_proc o JOIN pg_namespace n ON n.oid = o.pronamespace WHERE %1$s
        UNION ALL
        SELECT 3, 'pg_type'::regclass::oid, o.oid FROM pg_type o JOIN pg_namespace n ON n.oid = o.typnamespace
        WHERE o.typtype IN ('e', 'd', 'r') AND %1$s
        UNION ALL
        SELECT 4, 'pg_namespace'::regclass::oid, n.oid FROM pg_namespace n WHERE %1$s AND n.nspname <> 'public'
        UNION ALL
        SELECT 5, 'pg_extension'::regclass::oid, e.oid FROM pg_extension e
        UNION ALL
        SELECT 6, 'pg_largeobject'::regclass::oid, l.oid FROM pg_largeobject_metadata l) o
      WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.classid AND d.objid = o.oid AND d.objsubid = 0 AND d.deptype IN ('e', 'i'))
      ORDER BY rank, oid""".formatted(USERS);

  private final PostgresConnection connection;
  private final Staging staging;
  private final RestorePlan plan;
  private final RestoreOptions options;
  private final Loading loading;

  InPlace(
      PostgresConnection connection, Staging staging, RestorePlan plan, RestoreOptions options) {
    this.connection = connection;
    this.staging = staging;
    this.plan = plan;
    this.options = options;
    this.loading = new Loading(connection, staging, plan, options);
  }

  /** Changes nothing: finds out whether the content fits over what is live. */
  void stage(Contents contents) throws IOException {
    try (Session live = connection.open()) {
      Path schema = staging.oldPart();
      loading.dump(live, plan.database(), schema, List.of("--schema-only"));
      requireNoExtras(live, schema, contents);
    }
  }

  private void requireNoExtras(Session live, Path dump, Contents contents) throws IOException {
    if (options.extras()) {
      return;
    }
    SortedSet<String> extras = new TreeSet<>(Contents.of(
            new Client(Path.of(plan.client()), live.server(), live.server()),
            dump,
            List.of(),
            options.deadline())
        .objects());
    extras.removeAll(contents.objects());
    if (!extras.isEmpty()) {
      throw new IOException(
          live.place() + " has objects that the backup does not have, and a restore"
              + " in place would leave them: " + String.join(", ", extras)
              + ". Remove them, or allow them with allowExtras(). Nothing was changed.");
    }
  }

  /**
   * Reads the archive to its end and counts its rows. What else was recorded is found once it is live: before, there is no
   * place to look at it.
   */
  Facts check(Archive archive) throws IOException {
    Facts facts = staging.recorded();
    Facts rows = archive.rows(Chosen.ALL, options.deadline()).facts();
    Facts found = Facts.NONE;
    for (var each : facts.counts().entrySet()) {
      Long number = rows.counts().get(each.getKey());
      if (!each.getKey().startsWith("rows of ")) {
        found = found.count(each.getKey(), each.getValue());
      } else if (number != null) {
        found = found.count(each.getKey(), number);
      }
    }
    for (var each : facts.values().entrySet()) {
      found = found.value(each.getKey(), each.getValue());
    }
    return found.note(
        "proof", "the rows were counted in the archive; all else is found when it is live");
  }

  void apply(Archive archive, Contents contents) throws IOException {
    if (staging.text(UNDOING).isPresent()) {
      undo(); // which was killed: what is live is nobody's guess before it is through
    }
    try (Session live = connection.open()) {
      loading.endLeftBehind(live);
      if (isRestored(live)) {
        prove(live);
        return;
      }
      at("dump");
      Path part = staging.oldPart();
      loading.dump(live, plan.database(), part, List.of());
      requireNoExtras(live, part, contents);
      staging.keepOld(part);
      staging.keep(OBJECTS, String.join("\n", identities(live)));
      at("begin");
      staging.keep(BEGUN, String.join("\n", numbered(live)));
      at("restore");
      Set<String> schemas = schemas(live);
      makeSchemas(live, contents, schemas);
      List<String> arguments = new ArrayList<>(ONE_TRANSACTION);
      if (!options.owners()) {
        arguments.addAll(List.of("--no-owner", "--no-privileges"));
      }
      if (!options.extras()) {
        schemas.retainAll(Set.of("public")); // before 15 it belongs to the server's owner
      }
      // what may hold more than the backup cannot be dropped and made anew
      arguments.addAll(
          archive.without(contents.schemasAmong(schemas), staging.list(), options.deadline()));
      loading.restore(live, staging.archive(), plan.database(), arguments);
      at("restored");
      prove(live);
    }
  }

  private static Set<String> schemas(Session live) throws IOException {
    return new HashSet<>(live.rows("SELECT nspname FROM pg_namespace", row -> row.getString(1)));
  }

  /** Every database has {@code public}, so no dump of all of it makes that; but here it may have been dropped. */
  private static void makeSchemas(Session live, Contents contents, Set<String> there)
      throws IOException {
    for (String schema : contents.schemasNeeded()) {
      if (!there.contains(schema)) {
        live.run("CREATE SCHEMA " + Session.quoted(schema));
      }
    }
  }

  /** The rows may be other ones by now: the application need not stand still. */
  private void prove(Session live) throws IOException {
    if (options.extras()) {
      StagedDatabase.require(live, options.checks());
      return;
    }
    Facts recorded = staging.recorded();
    Facts found = StagedDatabase.facts(live, false);
    List<String> differences = recorded.differencesFrom(found).stream()
        .filter(difference -> !difference.startsWith("rows of "))
        .toList();
    if (!differences.isEmpty()) {
      throw new IOException(
          live.place() + " is not as it was recorded: " + String.join("; ", differences));
    }
    at("prove");
    StagedDatabase.require(live, options.checks());
  }

  void undo() throws IOException {
    if (staging.text(BEGUN).isEmpty()) {
      staging.forget(UNDOING);
      return;
    }
    try (Session live = connection.open()) {
      loading.endLeftBehind(live);
      if (isRestored(live)) {
        back(live);
      }
      at("undo end");
      staging.forget(BEGUN);
      at("undo forget");
      staging.forget(UNDOING);
    } catch (IOException e) {
      throw new IOException(
          "What was live before could not be brought back: " + e.getMessage() + ". It lies in "
              + staging.old() + ": pg_restore --single-transaction --clean --if-exists"
              + " --exit-on-error --dbname=… " + staging.old(),
          e);
    }
  }

  /** Together with what the restored content has added, which pg_restore knows nothing of. */
  private void back(Session live) throws IOException {
    if (isReplaced(live, staging.text(UNDOING), false)) {
      dropAdded(live);
      return; // by an undo that was killed afterwards
    }
    staging.keep(UNDOING, String.join("\n", numbered(live)));
    at("undo restore");
    try {
      loading.restore(live, staging.old(), plan.database(), ONE_TRANSACTION);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) { // what was added may hold on to what is to be replaced
      dropAdded(live);
      loading.restore(live, staging.old(), plan.database(), ONE_TRANSACTION);
    }
    at("undo restored");
    dropAdded(live);
  }

  private void dropAdded(Session live) throws IOException {
    Set<String> before = new HashSet<>(staging.text(OBJECTS).orElse("").lines().toList());
    List<String> added =
        identities(live).stream().filter(each -> !before.contains(each)).toList();
    if (added.isEmpty()) {
      return;
    }
    live.run("BEGIN");
    for (String each : added) {
      live.run(
          each.startsWith(LARGE_OBJECT)
              ? "SELECT lo_unlink(" + each.substring(LARGE_OBJECT.length()) + ")"
              : "DROP " + each.replaceFirst("\t", " IF EXISTS ") + " CASCADE");
    }
    live.run("COMMIT");
  }

  /** Kind and name of each, as SQL takes them. */
  private static List<String> identities(Session live) throws IOException {
    return live.rows(
        "SELECT upper(i.type), i.identity FROM (" + ALL + ") o,"
            + " LATERAL pg_identify_object(o.classid, o.oid, 0) i ORDER BY rank, oid",
        row -> (row.getString(1) + "\t" + row.getString(2)).replace("\n", " "));
  }

  /** The same with the number of each, but for what a restore leaves as it is. */
  private static List<String> numbered(Session live) throws IOException {
    return live.rows(
        "SELECT upper(i.type), i.identity, o.oid FROM (" + ALL + ") o,"
            + " LATERAL pg_identify_object(o.classid, o.oid, 0) i WHERE rank < 4 ORDER BY rank, oid",
        row -> (row.getString(1) + "\t" + row.getString(2)).replace("\n", " ") + "\t"
            + row.getString(3));
  }

  private boolean isRestored(Session live) throws IOException {
    return isReplaced(live, staging.text(BEGUN), options.extras());
  }

  /**
   * Whether most of the objects of then are others under the same names. What is gone tells nothing, for the application or
   * a half undo may have dropped it.
   *
   * @param inPart whether a restore may have replaced few of them, or only added some
   */
  private static boolean isReplaced(Session live, Optional<String> numbered, boolean inPart)
      throws IOException {
    if (numbered.isEmpty()) {
      return false;
    }
    Map<String, String> then = numbers(numbered.get().lines());
    Map<String, String> now = numbers(numbered(live).stream());
    if (then.isEmpty()) {
      return !now.isEmpty();
    }
    long replaced = 0;
    long there = 0;
    for (Map.Entry<String, String> each : then.entrySet()) {
      String number = now.get(each.getKey());
      there += number == null ? 0 : 1;
      replaced += number == null || number.equals(each.getValue()) ? 0 : 1;
    }
    return inPart ? replaced > 0 || !then.keySet().containsAll(now.keySet()) : 2 * replaced > there;
  }

  private static Map<String, String> numbers(Stream<String> numbered) {
    Map<String, String> numbers = new HashMap<>();
    numbered.forEach(line -> {
      int end = line.lastIndexOf('\t');
      numbers.put(line.substring(0, end), line.substring(end + 1));
    });
    return numbers;
  }

  private void at(String step) {
    options.steps().at(step);
  }
}
