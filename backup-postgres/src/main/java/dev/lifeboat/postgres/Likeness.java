package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Makes a new database like another one: all that its dump does not bring. */
final class Likeness {
  private static final List<String> LISTS = List.of(
      "search_path",
      "temp_tablespaces",
      "local_preload_libraries",
      "session_preload_libraries",
      "shared_preload_libraries",
      "unix_socket_directories");
  private static final String OF_ROLE = " of role ";
  private static final String SETTING = "setting ";

  private final DatabaseProperties model;
  private final Version server;
  private final boolean access;
  private final boolean owners;

  /**
   * @param access whether owner, tablespace and privileges of the database itself are kept too
   * @param owners whether the settings of roles are
   */
  Likeness(DatabaseProperties model, Version server, boolean access, boolean owners) {
    this.model = model;
    this.server = server;
    this.access = access;
    this.owners = owners;
  }

  /** What the facts of a backup tell. A setting of an application's own is not in them, for it may be a secret. */
  static DatabaseProperties recorded(Facts facts) {
    Map<String, String> notes = facts.notes();
    List<DatabaseProperties.Setting> settings = new ArrayList<>();
    notes.forEach((what, text) -> setting(what, text).ifPresent(settings::add));
    return new DatabaseProperties(
        notes.getOrDefault("database", ""),
        notes.getOrDefault("owner", ""),
        facts.values().getOrDefault("encoding", "UTF8"),
        notes.getOrDefault("locale provider", ""),
        notes.getOrDefault("collation", ""),
        notes.getOrDefault("character type", ""),
        Optional.ofNullable(notes.get("locale")),
        Optional.ofNullable(notes.get("ICU rules")),
        Optional.ofNullable(notes.get("collation version")),
        notes.getOrDefault("tablespace", ""),
        Integer.parseInt(notes.getOrDefault("connection limit", "-1")),
        Optional.ofNullable(notes.get("database privileges")),
        Optional.ofNullable(notes.get("comment")),
        settings);
  }

  private static Optional<DatabaseProperties.Setting> setting(String what, String text) {
    if (!what.startsWith(SETTING)) {
      return Optional.empty();
    }
    String rest = what.substring(SETTING.length());
    int role = rest.indexOf(OF_ROLE);
    String name = role < 0 ? rest : rest.substring(0, role);
    Optional<String> of = role < 0
        ? Optional.empty()
        : Optional.of(unquoted(rest.substring(role + OF_ROLE.length())));
    DatabaseProperties.Setting setting = new DatabaseProperties.Setting(of, name, text);
    return setting.isOfApplication() ? Optional.empty() : Optional.of(setting);
  }

  private static String unquoted(String shown) {
    return shown.startsWith("\"")
        ? shown.substring(1, shown.length() - 1).replace("\"\"", "\"")
        : shown;
  }

  /** Empty, with its encoding, collation, owner and tablespace; no more, for the rest would get in the way of a restore. */
  String creation(String name) {
    StringBuilder sql = new StringBuilder("CREATE DATABASE " + Session.quoted(name)
        + " TEMPLATE template0 ENCODING " + Session.literal(model.encoding()));
    if (!model.collation().isEmpty()) {
      sql.append(" LC_COLLATE ").append(Session.literal(model.collation()));
      sql.append(" LC_CTYPE ").append(Session.literal(model.characterType()));
    }
    if (server.major() >= 15 && !model.provider().isEmpty()) {
      sql.append(" LOCALE_PROVIDER ").append(Session.literal(model.provider()));
      model
          .locale()
          .ifPresent(locale -> sql.append(
                  model.provider().equals("builtin") ? " BUILTIN_LOCALE " : " ICU_LOCALE ")
              .append(Session.literal(locale)));
      model.icuRules().ifPresent(rules -> sql.append(" ICU_RULES ").append(Session.literal(rules)));
    }
    if (access && !model.owner().isEmpty()) {
      sql.append(" OWNER ").append(Session.quoted(model.owner()));
    }
    // named, even the usual one would take a right that only superusers have
    if (access && !model.tablespace().isEmpty() && !model.tablespace().equals("pg_default")) {
      sql.append(" TABLESPACE ").append(Session.quoted(model.tablespace()));
    }
    return sql.toString();
  }

  /** Its settings, its privileges and its connection limit, for a database that was restored. */
  List<String> finish(Session session, String name) throws IOException {
    List<String> sql = new ArrayList<>();
    String database = Session.quoted(name);
    for (DatabaseProperties.Setting setting : model.settings()) {
      if (setting.role().isEmpty()) {
        sql.add("ALTER DATABASE " + database + assignment(setting));
      } else if (owners) {
        sql.add("ALTER ROLE " + Session.quoted(setting.role().get()) + " IN DATABASE " + database
            + assignment(setting));
      }
    }
    if (access && model.privileges().isPresent()) {
      sql.addAll(grants(session, database, model.privileges().get()));
    }
    if (model.connectionLimit() >= 0) {
      sql.add("ALTER DATABASE " + database + " CONNECTION LIMIT " + model.connectionLimit());
    }
    return sql;
  }

  private record Grant(String grantee, String privilege, boolean grantable) {}

  private List<String> grants(Session session, String database, String privileges)
      throws IOException {
    List<String> sql = new ArrayList<>();
    sql.add("REVOKE ALL ON DATABASE " + database + " FROM PUBLIC");
    sql.add("REVOKE ALL ON DATABASE " + database + " FROM " + Session.quoted(model.owner()));
    List<Grant> grants = session.rows(
        """
        SELECT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
               privilege_type, is_grantable FROM aclexplode(?::aclitem[]) ORDER BY 1, 2""", row -> new Grant(row.getString(1), row.getString(2), row.getBoolean(3)), privileges);
    for (Grant grant : grants) {
      sql.add("GRANT " + grant.privilege() + " ON DATABASE " + database + " TO " + grant.grantee()
          + (grant.grantable() ? " WITH GRANT OPTION" : ""));
    }
    return sql;
  }

  private static String assignment(DatabaseProperties.Setting setting) {
    String name = setting.name();
    String target = name.indexOf('.') < 0
        ? Session.quoted(name)
        : Session.quoted(name.substring(0, name.indexOf('.'))) + "."
            + Session.quoted(name.substring(name.indexOf('.') + 1));
    return " SET " + target + " = "
        + (LISTS.contains(name.toLowerCase(Locale.ROOT))
            ? list(setting.value())
            : Session.literal(setting.value()));
  }

  /** A list is kept as SQL identifiers: {@code "$user", public}. */
  private static String list(String value) {
    List<String> items = new ArrayList<>();
    StringBuilder item = new StringBuilder();
    boolean quoted = false;
    boolean any = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' && quoted && i + 1 < value.length() && value.charAt(i + 1) == '"') {
        item.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
        any = true;
      } else if (c == ',' && !quoted) {
        items.add(Session.literal(item.toString()));
        item.setLength(0);
        any = false;
      } else if (quoted || !Character.isWhitespace(c)) {
        item.append(c);
        any = true;
      }
    }
    if (any || items.isEmpty()) {
      items.add(Session.literal(item.toString()));
    }
    return String.join(", ", items);
  }
}
