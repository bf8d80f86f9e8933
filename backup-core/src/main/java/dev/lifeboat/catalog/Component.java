package dev.lifeboat.catalog;

import dev.lifeboat.sink.Digest;
import dev.lifeboat.source.Facts;
import dev.lifeboat.sum.Sum;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One source's part in a backup.
 *
 * @param name the source's name
 * @param type the source's type, that is its engine; only a target of this type takes it
 * @param codecs ids of the stages it went through, in the order of writing
 * @param parts in order: the content itself; empty if it was not captured
 * @param details what tells about the content; empty when it is sealed and this host cannot open it
 */
public record Component(
    String name, String type, List<String> codecs, List<Part> parts, Optional<Details> details) {
  public Component {
    Names.require("component", name);
    Objects.requireNonNull(type, "type");
    codecs = List.copyOf(codecs);
    parts = List.copyOf(parts);
    Objects.requireNonNull(details, "details");
  }

  /**
   * What tells about the content.
   *
   * @param plain the content as the source wrote it; empty when it was not captured
   * @param facts what the source knows of it
   * @param missing why it was not captured; empty when it was
   */
  public record Details(Optional<Digest> plain, Facts facts, Optional<String> missing) {
    public Details {
      Objects.requireNonNull(plain, "plain");
      Objects.requireNonNull(facts, "facts");
      Objects.requireNonNull(missing, "missing");
    }

    /** On one line, whatever was written into it. */
    @Override
    public String toString() {
      return Text.shown(this);
    }
  }

  /** The same, with what tells about its content. */
  Component with(Details opened) {
    return new Component(name, type, codecs, parts, Optional.of(opened));
  }

  /** Whether it was captured, wholly or with gaps. */
  public boolean isCaptured() {
    return !parts.isEmpty();
  }

  /** Whether it was captured without a gap. */
  public boolean isComplete() {
    return isCaptured() && details.map(d -> d.facts().gaps().isEmpty()).orElse(true);
  }

  /** Bytes of its objects. */
  public long storedSize() {
    return Sum.of(parts.stream().mapToLong(part -> part.stored().size()));
  }

  /** On one line, whatever was written into it. */
  @Override
  public String toString() {
    return Text.shown(this);
  }
}
