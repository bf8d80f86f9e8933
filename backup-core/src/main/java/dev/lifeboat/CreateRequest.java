package dev.lifeboat;

import dev.lifeboat.catalog.Reason;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A backup to be made, where the reason alone does not say it all. Inert: only {@link Backups#create(CreateRequest)}
 * acts.
 *
 * @param reason why
 * @param components the sources to be read; empty means all
 * @param tags the host's own, kept in the manifest
 * @param note for people, kept in the manifest; empty if there is none
 * @param pin why it is held from the start; empty if it is not
 * @param keepUntil until when retention leaves it alone
 */
public record CreateRequest(
    Reason reason,
    Set<String> components,
    Map<String, String> tags,
    String note,
    Optional<String> pin,
    Optional<Instant> keepUntil) {
  public CreateRequest {
    Objects.requireNonNull(reason, "reason");
    components = Set.copyOf(Objects.requireNonNull(components, "components"));
    tags = Map.copyOf(Objects.requireNonNull(tags, "tags"));
    Objects.requireNonNull(note, "note");
    Objects.requireNonNull(pin, "pin");
    Objects.requireNonNull(keepUntil, "keepUntil");
  }

  /** Of every source, for this reason. */
  public static CreateRequest of(Reason reason) {
    Objects.requireNonNull(reason, "reason");
    return new CreateRequest(reason, Set.of(), Map.of(), "", Optional.empty(), Optional.empty());
  }

  /**
   * Only these sources; the backup is INCOMPLETE then, for it is, unless they are all there are.
   *
   * @throws IllegalArgumentException if none is named
   */
  public CreateRequest only(String... sources) {
    for (String source : Objects.requireNonNull(sources, "sources")) {
      Objects.requireNonNull(source, "source");
    }
    if (sources.length == 0) {
      throw new IllegalArgumentException("only must name at least one source");
    }
    return new CreateRequest(
        reason, new LinkedHashSet<>(List.of(sources)), tags, note, pin, keepUntil);
  }

  /** With one more tag. */
  public CreateRequest tag(String name, String text) {
    Map<String, String> more = new TreeMap<>(tags);
    more.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(text, "text"));
    return new CreateRequest(reason, components, more, note, pin, keepUntil);
  }

  /** With a note for people. */
  public CreateRequest note(String text) {
    return new CreateRequest(
        reason, components, tags, Objects.requireNonNull(text, "text"), pin, keepUntil);
  }

  /**
   * Held from the start, until {@link Backups#unpin}.
   *
   * @throws IllegalArgumentException if the why is blank
   */
  public CreateRequest pinned(String why) {
    SeriesBuilder.requireText("why", why);
    return new CreateRequest(reason, components, tags, note, Optional.of(why), keepUntil);
  }

  /** Left alone by retention until then. */
  public CreateRequest keepUntil(Instant until) {
    return new CreateRequest(
        reason, components, tags, note, pin, Optional.of(Objects.requireNonNull(until, "until")));
  }
}
