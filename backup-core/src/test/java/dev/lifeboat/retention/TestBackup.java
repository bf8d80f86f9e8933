package dev.lifeboat.retention;

import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.Component;
import dev.lifeboat.catalog.Copy;
import dev.lifeboat.catalog.Depth;
import dev.lifeboat.catalog.Identity;
import dev.lifeboat.catalog.Manifest;
import dev.lifeboat.catalog.Part;
import dev.lifeboat.catalog.Pin;
import dev.lifeboat.catalog.Proof;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.catalog.State;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds backups of which only what retention looks at matters. */
final class TestBackup {
  static final String SINK = "memory:a";

  private final Instant time;
  private Reason reason = Reason.SCHEDULED;
  private String tail = "aaaaaaaa";
  private State state = State.COMPLETE;
  private Optional<Instant> keepUntil = Optional.empty();
  private Optional<BackupId> replaces = Optional.empty();
  private long size = 1 << 20;
  private final List<Copy> copies = new ArrayList<>();
  private final List<Pin> pins = new ArrayList<>();

  private TestBackup(Instant time) {
    this.time = time;
  }

  /** A complete, scheduled one of 1 MiB in {@link #SINK}, unless more is said. */
  static TestBackup at(String time) {
    return at(Instant.parse(time));
  }

  static TestBackup at(Instant time) {
    return new TestBackup(time);
  }

  static Backup good(String time) {
    return at(time).build();
  }

  TestBackup reason(Reason reason) {
    this.reason = reason;
    return this;
  }

  TestBackup tail(String tail) {
    this.tail = tail;
    return this;
  }

  TestBackup state(State state) {
    this.state = state;
    return this;
  }

  TestBackup size(long size) {
    this.size = size;
    return this;
  }

  TestBackup keepUntil(String until) {
    this.keepUntil = Optional.of(Instant.parse(until));
    return this;
  }

  TestBackup pinned(String by, String why) {
    pins.add(new Pin(time, by, why));
    return this;
  }

  TestBackup copy(String sink, Copy.State state) {
    copies.add(new Copy(sink, state, ""));
    return this;
  }

  /** Its content under another key. */
  TestBackup replacing(Backup original) {
    this.replaces = Optional.of(original.id());
    return this;
  }

  TestBackup damaged() {
    return copy(SINK, Copy.State.DAMAGED);
  }

  Backup build() {
    BackupId id = new BackupId(time, reason, tail);
    Part part = new Part(ObjectName.of("shop/" + id + "/orders"), new Digest(size, "0".repeat(64)));
    Manifest manifest = new Manifest(
        id,
        "shop",
        new Identity("shop", "test", "here", Optional.empty()),
        ZoneOffset.UTC,
        Duration.ZERO,
        Duration.ZERO,
        "parts",
        state,
        keepUntil,
        Optional.empty(),
        List.of(new Component("orders", "bytes", List.of(), List.of(part), Optional.empty())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        replaces,
        "test");
    List<Copy> all = copies.isEmpty() ? List.of(new Copy(SINK, Copy.State.HELD, "")) : copies;
    Proof made = new Proof(time, Depth.CONTENT, SINK, Duration.ZERO);
    return new Backup(manifest, all, pins, List.of(made), Optional.empty());
  }
}
