package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A cluster, into which no roles are restored: a drill proves the SQL, and a person runs it. */
record GlobalsTarget(String place) implements RestoreTarget {
  private static final Logger LOG = LoggerFactory.getLogger(GlobalsTarget.class);

  @Override
  public String type() {
    return PostgresGlobals.TYPE;
  }

  @Override
  public String description() {
    return "the roles of " + place;
  }

  @Override
  public boolean holdsData() {
    return true;
  }

  @Override
  public void stage(InputStream content, Facts recorded, Path staging) throws IOException {
    Files.copy(content, sql(staging), StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public Facts check(Path staging) throws IOException {
    return GlobalsSql.facts(sql(staging), "this backup");
  }

  @Override
  public void apply(Path staging) {
    LOG.warn(
        "The roles and tablespaces of {} are left as they are, for a cluster belongs to others too."
            + " Backups.open gives their SQL: read it, and run what is missing with psql.",
        place);
  }

  @Override
  public void undo(Path staging) {}

  private static Path sql(Path staging) {
    return staging.resolve("globals.sql");
  }
}
