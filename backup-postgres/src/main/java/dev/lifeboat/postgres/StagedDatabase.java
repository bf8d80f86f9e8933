package dev.lifeboat.postgres;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.Facts;
import dev.lifeboat.source.UnprovenException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Finds the facts of a database as its backup has recorded them, and runs the host's checks in it. */
final class StagedDatabase {
  private StagedDatabase() {}

  static Facts facts(Session session, boolean countsRows) throws IOException {
    return session.interruptibly(() -> {
      Tables tables = Tables.of(session, Scope.WHOLE);
      Facts facts = DatabaseProperties.of(session)
          .facts()
          .and(Surroundings.of(session, Scope.WHOLE))
          .and(new Catalogue(session, tables).facts());
      return countsRows ? facts.and(RowCounts.EXACT.of(session, tables)) : facts;
    });
  }

  /** @throws UnprovenException with every check that does not hold */
  static void require(Session session, List<RestoreOptions.NamedCheck> checks) throws IOException {
    if (checks.isEmpty()) {
      return;
    }
    session.run("SET default_transaction_read_only = on");
    session.run("RESET search_path");
    List<UnprovenException> failed = new ArrayList<>();
    for (RestoreOptions.NamedCheck named : checks) {
      try {
        named.check().on(session.jdbc());
      } catch (SQLException | RuntimeException | AssertionError e) {
        String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        failed.add(new UnprovenException(
            "the check " + Text.quoted(named.what()) + " failed: " + Text.printable(why), e));
      }
    }
    if (failed.size() == 1) {
      throw failed.get(0);
    } else if (!failed.isEmpty()) {
      UnprovenException all = new UnprovenException(
          failed.stream().map(UnprovenException::getMessage).toList());
      failed.forEach(all::addSuppressed);
      throw all;
    }
  }
}
