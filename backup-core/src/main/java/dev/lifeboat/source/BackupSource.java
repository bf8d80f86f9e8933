package dev.lifeboat.source;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Something an application wants back after a disaster: a database, a tree of files, a document.
 *
 * <p>Immutable and safe for several threads. It knows nothing of sinks, compression or keys. Its promises are tested by
 * {@code BackupSourceContract}.
 */
public interface BackupSource {
  /**
   * The component's name in every backup, {@code [a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?}; unique within a series, and none of
   * {@code catalog}, {@code lease}, {@code series}, {@code keys} and the device names of Windows.
   */
  String name();

  /**
   * What kind of content it writes ({@code "sqlite"}, {@code "tar"}, {@code "pgdump"}), 1 to 16 of {@code [a-z0-9]}. A
   * target of another kind refuses it. Never changes.
   */
  String type();

  /** The ending of its objects' names, for people with stock tools: 1 to 16 of {@code [a-z0-9]}. Default: the type. */
  default String suffix() {
    return type();
  }

  /**
   * Fixes one consistent state, quickly: all snapshots of a backup are opened one right after the other.
   *
   * @param scratch an empty private directory (0700) on a local disk, for this snapshot alone; the engine empties it
   *     after {@link Snapshot#close}, also after a crash
   * @throws IOException if the state cannot be fixed; nothing is held then
   */
  Snapshot open(Path scratch) throws IOException;

  /** Where a restore in place goes. */
  RestoreTarget target();
}
