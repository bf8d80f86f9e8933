package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a server must have before a restore is begun. Every failure names all that is missing. */
final class Requirements {
  private Requirements() {}

  /**
   * The roles and extensions that an archive needs.
   *
   * @param also roles beside those: the owner of the database that is to be made, if that is told
   */
  static void require(Session session, Contents contents, boolean owners, Set<String> also)
      throws IOException {
    if (owners) {
      SortedSet<String> roles = new TreeSet<>(contents.roles());
      roles.addAll(also);
      roles.removeAll(session.rows("SELECT rolname FROM pg_roles", row -> row.getString(1)));
      if (!roles.isEmpty()) {
        throw new IOException(
            "The backup names roles that this server does not have: " + shown(roles)
                + ". Create them, or leave owners and privileges out with withoutOwners(). Nothing was"
                + " changed.");
      }
    }
    SortedSet<String> extensions = new TreeSet<>(contents.extensions());
    extensions.removeAll(
        session.rows("SELECT name FROM pg_available_extensions", row -> row.getString(1)));
    if (!extensions.isEmpty()) {
      throw new IOException("The backup needs extensions that this server does not have: "
          + shown(extensions) + ". Install them on it. Nothing was changed.");
    }
  }

  /**
   * A backup of a part, swapped in, would lose all else.
   *
   * @throws IOException naming the part
   */
  static void requireWhole(Facts recorded, Session live) throws IOException {
    for (String part :
        List.of("only schemas", "only tables", "without schemas", "without tables")) {
      String names = recorded.notes().get(part);
      if (names != null) {
        throw new IOException("The backup holds a part of a database (" + part + " " + names
            + "), and swapping it in would lose all else of " + live.place()
            + ". Restore it into a new database, or with inPlace().allowExtras(). Nothing was"
            + " changed.");
      }
    }
  }

  /**
   * What hangs on the live database and would be left with the old one, or would not know the new one.
   *
   * @throws IOException naming all of it
   */
  static void requireNothingHangsOn(Session live) throws IOException {
    List<String> hanging = new ArrayList<>();
    list(hanging, live, "publication", "SELECT pubname FROM pg_publication ORDER BY 1");
    list(
        hanging,
        live,
        "subscription",
        "SELECT subname FROM pg_subscription"
            + " WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())"
            + " ORDER BY 1");
    list(
        hanging,
        live,
        "replication slot",
        "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"
            + " ORDER BY 1");
    if (live.is("SELECT to_regclass('cron.job') IS NOT NULL")) {
      live.run("SET row_security = on"); // its policy shows each role its own
      list(
          hanging,
          live,
          "pg_cron job",
          "SELECT jobid::text FROM cron.job AS job ORDER BY job.jobid");
      live.run("SET row_security = off");
    }
    if (!hanging.isEmpty()) {
      throw new IOException(live.place() + " has what a restore would cut off: "
          + String.join(", ", hanging)
          + ". Remove it, or allow that with allowReplication(). Nothing was changed.");
    }
  }

  /** A transaction that was prepared and not ended keeps a database from being renamed. */
  static void requireNothingPrepared(Session live) throws IOException {
    List<String> prepared = new ArrayList<>();
    list(
        prepared,
        live,
        "prepared transaction",
        "SELECT gid FROM pg_prepared_xacts WHERE database = current_database() ORDER BY 1");
    if (!prepared.isEmpty()) {
      throw new IOException(live.place() + " cannot be renamed while it has "
          + String.join(", ", prepared) + ". Commit or roll back. Nothing was changed.");
    }
  }

  private static void list(List<String> all, Session session, String what, String sql)
      throws IOException {
    session
        .rows(sql, row -> TableName.shown(row.getString(1)))
        .forEach(name -> all.add("the " + what + " " + name));
  }

  private static String shown(SortedSet<String> names) {
    return String.join(", ", names.stream().map(TableName::shown).toList());
  }
}
