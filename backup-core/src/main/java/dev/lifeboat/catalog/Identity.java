package dev.lifeboat.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Whose data a backup is. The engine of each component is its {@link Component#type}.
 *
 * @param application the application's name
 * @param environment which installation of it: {@code "production"}
 * @param host the machine it was made on; tells, decides nothing, for a new machine must be able to restore
 * @param schemaVersion what the host says of its schema; empty if it says nothing
 */
public record Identity(
    String application, String environment, String host, Optional<String> schemaVersion) {
  public Identity {
    Objects.requireNonNull(application, "application");
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(schemaVersion, "schemaVersion");
  }

  /**
   * What keeps a backup of this identity from being restored in place into {@code live}, one clause each; empty if
   * nothing does. A schema version counts only where both name one.
   */
  public List<String> differencesFrom(Identity live) {
    List<String> differences = new ArrayList<>();
    differ(differences, "application", application, live.application);
    differ(differences, "environment", environment, live.environment);
    if (schemaVersion.isPresent() && live.schemaVersion.isPresent()) {
      differ(differences, "schema version", schemaVersion.get(), live.schemaVersion.get());
    }
    return differences;
  }

  private static void differ(List<String> differences, String what, String theirs, String live) {
    if (!theirs.equals(live)) {
      differences.add(
          "its " + what + " is " + Text.quoted(theirs) + ", here it is " + Text.quoted(live));
    }
  }

  /** On one line, whatever was written into it. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
