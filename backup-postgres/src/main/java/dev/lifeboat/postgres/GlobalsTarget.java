package dev.lifeboat.postgres;

import dev.lifeboat.source.Facts;
import dev.lifeboat.source.RestoreTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A cluster, into which no roles are restored: a drill proves the SQL, and a person runs it. */
record GlobalsTarget(String place) implements RestoreTarget {
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
  public void apply(Path staging) throws IOException {
    throw new IOException(
        "Roles and tablespaces are not restored by themselves, for a cluster belongs to others too."
            + " Backups.open gives their SQL: read it, and run what is missing with psql. Nothing was"
            + " changed.");
  }

  @Override
  public void undo(Path staging) {}

  private static Path sql(Path staging) {
    return staging.resolve("globals.sql");
  }
}
