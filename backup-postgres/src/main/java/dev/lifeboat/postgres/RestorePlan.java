package dev.lifeboat.postgres;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.Properties;

/**
 * What a restore is about to do, decided once: kept in its staging directory before anything is done.
 *
 * @param id part of every name that it makes
 * @param database what it is to be called in the end
 * @param client the directory of the programs that it uses
 * @param countsRows whether rows were counted when it was backed up
 */
record RestorePlan(
    RestoreOptions.Way way, String id, String database, String client, boolean countsRows) {
  /** The name of the new database until it is live. */
  String staged() {
    return Marker.name(database, Marker.Kind.RESTORE, id);
  }

  /** The name of what was live, once it is not. */
  String before() {
    return Marker.name(database, Marker.Kind.BEFORE, id);
  }

  String asText() throws IOException {
    Properties all = new Properties();
    all.setProperty("way", way.name());
    all.setProperty("id", id);
    all.setProperty("database", database);
    all.setProperty("client", client);
    all.setProperty("countsRows", Boolean.toString(countsRows));
    StringWriter text = new StringWriter();
    all.store(text, null);
    return text.toString();
  }

  static RestorePlan parse(String text) throws IOException {
    Properties all = new Properties();
    all.load(new StringReader(text));
    return new RestorePlan(
        RestoreOptions.Way.valueOf(all.getProperty("way")),
        all.getProperty("id"),
        all.getProperty("database"),
        all.getProperty("client"),
        Boolean.parseBoolean(all.getProperty("countsRows")));
  }
}
