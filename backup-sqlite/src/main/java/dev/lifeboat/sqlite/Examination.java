package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.ProgressHandler;

/** Proves a private copy and finds its facts; the same for what is backed up and for what is brought back. */
final class Examination {
  private static final int MOST_FINDINGS = 10;
  /** How often SQLite asks whether the thread was interrupted, in steps of its virtual machine. */
  private static final int STEPS = 100_000;

  private final Path copy;
  private final Proving proving;
  private final Connection connection;

  private Examination(Path copy, Proving proving, Connection connection) {
    this.copy = copy;
    this.proving = proving;
    this.connection = connection;
  }

  /**
   * Proves {@code copy}, and tells what only a look inside it can: rows, foreign keys.
   *
   * @throws UnprovenException with every finding, if it is not sound
   */
  static Facts of(Path copy, Proving proving) throws IOException {
    try (Connection connection = Sqlite.image(copy)) {
      ProgressHandler.setHandler(connection, STEPS, new UntilInterrupted(Thread.currentThread()));
      try {
        return new Examination(copy, proving, connection).run();
      } finally {
        ProgressHandler.clearHandler(connection);
      }
    } catch (SQLException e) {
      throw SqliteErrors.of(copy, e, Patience.DEFAULT, "It is a private copy.");
    }
  }

  private Facts run() throws SQLException, IOException {
    proveIntegrity();
    Facts facts = foreignKeys(rows(Facts.NONE));
    runChecks();
    return facts.note("SQLite version", Sqlite.text(connection, "SELECT sqlite_version()"));
  }

  private void proveIntegrity() throws SQLException, IOException {
    if (proving.integrity() == Integrity.NONE) {
      return;
    }
    String pragma = proving.integrity().pragma();
    List<String> findings = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA " + pragma + "(" + MOST_FINDINGS + ")")) {
      while (rows.next()) {
        findings.add(pragma + ": " + Text.printable(rows.getString(1)));
      }
    } catch (SQLException e) {
      throw notRun(pragma, e);
    }
    if (!findings.equals(List.of(pragma + ": ok"))) {
      throw new UnprovenException(findings);
    }
  }

  private IOException notRun(String pragma, SQLException e) {
    String detail = Text.printable(String.valueOf(e.getMessage()));
    if (SqliteErrors.isBroken(e)) {
      return new UnprovenException(pragma + ": " + detail, e);
    }
    if (SqliteErrors.codeOf(e) == SqliteErrors.ERROR) {
      return new UnprovenException(
          pragma + " could not be run: " + detail + ". Where a schema needs functions or collations"
              + " of the application, leave it out with noIntegrityCheck().",
          e);
    }
    return SqliteErrors.of(copy, e, Patience.DEFAULT, "It is a private copy.");
  }

  /** Shadow tables of virtual ones, told by their names, are left out: how they split their rows is nobody's concern. */
  private Facts rows(Facts facts) throws SQLException {
    Facts counted = facts;
    List<String> virtual = names("rootpage = 0");
    for (String table : names("rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")) {
      if (virtual.stream().noneMatch(owner -> table.startsWith(owner + "_"))) {
        String sql = "SELECT count(*) FROM " + quoted(table);
        counted = counted(counted, "rows of " + table, sql, "table " + table);
      }
    }
    for (String table : virtual) {
      counted = withVirtual(counted, table);
    }
    return counted;
  }

  /** Hosts may live with violations: a fact, not an error. */
  private Facts foreignKeys(Facts facts) throws SQLException {
    String sql = "SELECT count(*) FROM pragma_foreign_key_check";
    return counted(facts, "foreign key violations", sql, "foreign keys");
  }

  /** What a schema keeps from being counted (a function of the application, keys that fit nothing) is noted. */
  private Facts counted(Facts facts, String what, String sql, String subject) throws SQLException {
    try {
      return facts.count(what, Sqlite.number(connection, sql));
    } catch (SQLException e) {
      return facts.note(subject, "could not be counted: " + reasonOf(e));
    }
  }

  private Facts withVirtual(Facts facts, String table) throws SQLException {
    try {
      Sqlite.execute(connection, "SELECT 1 FROM " + quoted(table) + " LIMIT 0");
      return facts;
    } catch (SQLException e) {
      return facts.note("virtual table " + table, "could not be opened: " + reasonOf(e));
    }
  }

  /** The words of an error in the schema; any other error passes. */
  private static String reasonOf(SQLException e) throws SQLException {
    if (SqliteErrors.codeOf(e) != SqliteErrors.ERROR) {
      throw e;
    }
    return Text.printable(String.valueOf(e.getMessage()));
  }

  private void runChecks() throws UnprovenException {
    List<UnprovenException> failed = new ArrayList<>();
    for (Proving.NamedCheck named : proving.checks()) {
      try {
        named.check().on(connection);
      } catch (SQLException | RuntimeException | AssertionError e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        failed.add(new UnprovenException(
            "the check " + Text.quoted(named.what()) + " failed: " + Text.printable(why), e));
      }
    }
    if (failed.size() == 1) {
      throw failed.get(0);
    }
    if (!failed.isEmpty()) {
      UnprovenException all = new UnprovenException(
          failed.stream().map(UnprovenException::getMessage).toList());
      failed.forEach(all::addSuppressed);
      throw all;
    }
  }

  private List<String> names(String which) throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table' AND "
                + which + " ORDER BY name")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** SQLite asks on the thread that works; the flag is left as it is. */
  private static final class UntilInterrupted extends ProgressHandler {
    private final Thread thread;

    UntilInterrupted(Thread thread) {
      super();
      this.thread = thread;
    }

    @Override
    protected int progress() {
      return thread.isInterrupted() ? 1 : 0;
    }
  }
}
