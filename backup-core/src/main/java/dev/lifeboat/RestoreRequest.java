package dev.lifeboat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.source.RestoreTarget;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A restore to be made. Inert: only {@link Backups#restore(RestoreRequest)} acts.
 *
 * @param id the backup
 * @param components what is brought back in place; empty means everything
 * @param elsewhere targets by component; empty means in place
 * @param confirmation the phrase that {@link Backups.Builder#confirmRestores} demands; empty if it was not given
 * @param otherIdentity why a backup of another application, environment or schema may be applied
 * @param mayGoWithoutBackup whether what is live may go without a backup
 * @param broken whether what is live is broken, to be kept aside byte for byte
 * @param unsigned why a backup may be applied of which nothing proves who wrote it
 */
public record RestoreRequest(
    BackupId id,
    List<String> components,
    Map<String, RestoreTarget> elsewhere,
    String confirmation,
    Optional<String> otherIdentity,
    boolean mayGoWithoutBackup,
    boolean broken,
    Optional<String> unsigned) {
  public RestoreRequest {
    Objects.requireNonNull(id, "id");
    components = List.copyOf(Objects.requireNonNull(components, "components"));
    elsewhere = Collections.unmodifiableMap(
        new LinkedHashMap<>(Objects.requireNonNull(elsewhere, "elsewhere")));
    Objects.requireNonNull(confirmation, "confirmation");
    Objects.requireNonNull(otherIdentity, "otherIdentity");
    Objects.requireNonNull(unsigned, "unsigned");
  }

  /** Over what is live: every component, or those named. */
  public static RestoreRequest inPlace(BackupId id, String... components) {
    for (String component : Objects.requireNonNull(components, "components")) {
      Objects.requireNonNull(component, "component");
    }
    return new RestoreRequest(
        id, List.of(components), Map.of(), "", Optional.empty(), false, false, Optional.empty());
  }

  /** Beside what is live, which stays as it is: no maintenance, no backup before. */
  public static RestoreRequest elsewhere(BackupId id, String component, RestoreTarget target) {
    Objects.requireNonNull(component, "component");
    Objects.requireNonNull(target, "target");
    return new RestoreRequest(
        id,
        List.of(),
        Map.of(component, target),
        "",
        Optional.empty(),
        false,
        false,
        Optional.empty());
  }

  /**
   * One more component elsewhere.
   *
   * @throws IllegalArgumentException if this is a restore in place, or the component has a target already
   */
  public RestoreRequest and(String component, RestoreTarget target) {
    Objects.requireNonNull(component, "component");
    Objects.requireNonNull(target, "target");
    if (isInPlace()) {
      throw new IllegalArgumentException("a restore goes in place or elsewhere, not both");
    }
    Map<String, RestoreTarget> more = new LinkedHashMap<>(elsewhere);
    if (more.put(component, target) != null) {
      throw new IllegalArgumentException(component + " is given two targets");
    }
    return new RestoreRequest(
        id, components, more, confirmation, otherIdentity, mayGoWithoutBackup, broken, unsigned);
  }

  /** With the phrase that {@link Backups.Builder#confirmRestores} demands: {@code "restore <series> <id>"}. */
  public RestoreRequest confirmed(String phrase) {
    Objects.requireNonNull(phrase, "phrase");
    return new RestoreRequest(
        id, components, elsewhere, phrase, otherIdentity, mayGoWithoutBackup, broken, unsigned);
  }

  /**
   * A backup of another application, environment or schema version may be applied in place. Logged with its why.
   *
   * @throws IllegalArgumentException if the why is blank
   */
  public RestoreRequest acrossIdentities(String why) {
    SeriesBuilder.requireText("why", why);
    return new RestoreRequest(
        id,
        components,
        elsewhere,
        confirmation,
        Optional.of(why),
        mayGoWithoutBackup,
        broken,
        unsigned);
  }

  /** For someone who knows that what is live is not worth a backup. */
  public RestoreRequest withoutBackupBefore() {
    return new RestoreRequest(
        id, components, elsewhere, confirmation, otherIdentity, true, broken, unsigned);
  }

  /**
   * For live data that cannot be read any more: whatever state it is in, it is not backed up, but kept aside byte for
   * byte, and the content is put where it was. Nobody may be using it meanwhile. Components whose targets know no such
   * way are backed up and replaced as always.
   */
  public RestoreRequest liveIsBroken() {
    return new RestoreRequest(
        id, components, elsewhere, confirmation, otherIdentity, mayGoWithoutBackup, true, unsigned);
  }

  /**
   * A backup may be applied although nothing proves who wrote it: one from before encryption was configured, or one that
   * was made for a public key and not signed. Whoever may write to the sink could have made it. Logged with its why.
   *
   * @throws IllegalArgumentException if the why is blank
   */
  public RestoreRequest acceptUnsigned(String why) {
    SeriesBuilder.requireText("why", why);
    return new RestoreRequest(
        id,
        components,
        elsewhere,
        confirmation,
        otherIdentity,
        mayGoWithoutBackup,
        broken,
        Optional.of(why));
  }

  /** Whether it replaces what is live. */
  public boolean isInPlace() {
    return elsewhere.isEmpty();
  }
}
