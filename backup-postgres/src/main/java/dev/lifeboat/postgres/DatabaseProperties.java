package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * What a database is beside its content, and what its dump does not make by itself: needed to make it anew.
 *
 * @param provider of the collation: {@code libc}, {@code icu} or {@code builtin}
 * @param locale of a provider other than libc
 * @param connectionLimit -1 for none
 * @param privileges as PostgreSQL prints them, {@code {=Tc/owner,app=CTc/owner}}; empty for the defaults
 * @param settings of the database, and of roles in it
 */
record DatabaseProperties(
    String name,
    String owner,
    String encoding,
    String provider,
    String collation,
    String characterType,
    Optional<String> locale,
    Optional<String> icuRules,
    Optional<String> collationVersion,
    String tablespace,
    int connectionLimit,
    Optional<String> privileges,
    Optional<String> comment,
    List<Setting> settings) {
  /** What {@code ALTER DATABASE … SET} or {@code ALTER ROLE … IN DATABASE … SET} has set. */
  record Setting(Optional<String> role, String name, String value) {
    /** A setting of an application's own may well be a secret. */
    boolean isOfApplication() {
      return name.indexOf('.') >= 0;
    }
  }

  DatabaseProperties {
    settings = List.copyOf(settings);
  }

  /** Those of the database of a session. */
  static DatabaseProperties of(Session session) throws IOException {
    List<Setting> settings = settingsOf(session);
    return session
        .rows(query(session.server().major()), row -> read(row, settings))
        .get(0);
  }

  private static String query(int major) {
    String provider = major >= 15
        ? "CASE datlocprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin'"
            + " ELSE datlocprovider::text END"
        : "'libc'";
    String locale = major >= 17 ? "datlocale" : major >= 15 ? "daticulocale" : "NULL";
    return "SELECT datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), " + provider
        + ", datcollate, datctype, " + locale + ", " + (major >= 16 ? "daticurules" : "NULL") + ", "
        + (major >= 15 ? "datcollversion" : "NULL")
        + ", (SELECT spcname FROM pg_tablespace t WHERE t.oid = dattablespace), datconnlimit,"
        + " datacl::text, shobj_description(d.oid, 'pg_database')"
        + " FROM pg_database d WHERE datname = current_database()";
  }

  private static DatabaseProperties read(ResultSet row, List<Setting> settings)
      throws SQLException {
    return new DatabaseProperties(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        Optional.ofNullable(row.getString(7)),
        Optional.ofNullable(row.getString(8)),
        Optional.ofNullable(row.getString(9)),
        row.getString(10),
        row.getInt(11),
        Optional.ofNullable(row.getString(12)),
        Optional.ofNullable(row.getString(13)),
        settings);
  }

  private static List<Setting> settingsOf(Session session) throws IOException {
    return session.rows(
        """
        SELECT r.rolname, split_part(s.setting, '=', 1), substr(s.setting, strpos(s.setting, '=') + 1)
        FROM (SELECT setrole, unnest(setconfig) AS setting FROM pg_db_role_setting
              WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())) s
        LEFT JOIN pg_roles r ON r.oid = s.setrole ORDER BY 1 NULLS FIRST, 2""",
        row ->
            new Setting(Optional.ofNullable(row.getString(1)), row.getString(2), row.getString(3)));
  }

  /** The encoding must be found again; all else tells. Of an application's own settings only the names are told. */
  Facts facts() {
    Facts facts = Facts.NONE
        .value("encoding", encoding)
        .note("database", name)
        .note("owner", owner)
        .note("locale provider", provider)
        .note("collation", collation)
        .note("character type", characterType)
        .note("tablespace", tablespace)
        .note("connection limit", Integer.toString(connectionLimit));
    facts = noted(facts, "locale", locale);
    facts = noted(facts, "ICU rules", icuRules);
    facts = noted(facts, "collation version", collationVersion);
    facts = noted(facts, "database privileges", privileges);
    facts = noted(facts, "comment", comment);
    for (Setting setting : settings) {
      String of =
          setting.role().map(role -> " of role " + TableName.shown(role)).orElse("");
      facts = facts.note(
          "setting " + setting.name() + of,
          setting.isOfApplication() ? "not told, for it may be a secret" : setting.value());
    }
    return facts;
  }

  private static Facts noted(Facts facts, String what, Optional<String> text) {
    return text.isPresent() ? facts.note(what, text.get()) : facts;
  }
}
