package dev.lifeboat.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Where one component is brought back: the live data of a source, or a place the host names.
 *
 * <p>Immutable, without memory: all that a restore knows lies in its {@code staging} directory (private, 0700, the
 * engine's to empty), so the steps go on after a crash, in another process, where they stopped. For every staging
 * directory the engine calls {@link #stage} once, then {@link #check}, {@link #apply} and {@link #undo} in that order and
 * each as often as it needs to, {@link #discard} last. A drill is a restore that never calls {@code apply}. One thread
 * at a time. Its promises are tested by {@code RestoreTargetContract}.
 */
public interface RestoreTarget {
  /** The {@link BackupSource#type()} it takes. */
  String type();

  /** Where this is, for people: {@code "the SQLite database /srv/shop/orders.db"}. Without secrets. */
  String description();

  /**
   * Whether anything is live that a restore would replace. Where nothing is, there is nothing to back up before, and the
   * content is simply put in.
   *
   * @throws IOException if that cannot be told
   */
  boolean holdsData() throws IOException;

  /**
   * Bytes that {@link #apply} needs beside the staged content on the disk of what is live, and those free there. A
   * preflight's estimate: running out of space later is handled all the same. Default: nothing is needed.
   *
   * @param contentSize bytes of the content to be staged
   * @throws IOException if the free space cannot be told
   */
  default Space spaceFor(long contentSize) throws IOException {
    return new Space(0, Long.MAX_VALUE);
  }

  /**
   * The same target, for live data that is broken: {@link #apply} keeps that aside byte for byte and puts the content
   * where it was, instead of going through what is live; nobody else may be using it.
   *
   * @throws UnsupportedOperationException if there is no such way here, which is the default; it is replaced as always
   */
  default RestoreTarget overBroken() {
    throw new UnsupportedOperationException(
        description() + " has no way to keep broken live data aside");
  }

  /** The same target, whose {@link #check} spares no time: for drills. Default: this one. */
  default RestoreTarget thorough() {
    return this;
  }

  /**
   * Puts the content beside what is live and touches nothing else.
   *
   * @param content ends only if every byte matches the manifest; to be read to that end, closed by the engine, its
   *     exceptions passed on untouched
   * @param recorded the facts that were recorded with it
   * @param staging an empty private directory
   */
  void stage(InputStream content, Facts recorded, Path staging) throws IOException;

  /**
   * Proves the staged copy by the target's own means and the host's checks, and tells the facts it shows; the engine
   * compares them with those recorded.
   *
   * @throws UnprovenException if the copy is not sound, or a check of the host does not hold
   * @throws IOException if it cannot be read
   */
  Facts check(Path staging) throws IOException;

  /**
   * Makes it live in one step, and returns when what is live has been proven.
   *
   * @throws IOException if that failed: what was live is live, unchanged
   */
  void apply(Path staging) throws IOException;

  /**
   * Brings back what was live before {@link #apply}; does nothing if that never came to an end.
   *
   * @throws IOException if what was live before could not be brought back; the message says where it lies and how to
   *     bring it back by hand
   */
  void undo(Path staging) throws IOException;

  /** Removes what was left outside the staging directory: a scratch database, the old tree. Never changes what is live. */
  default void discard(Path staging) throws IOException {}

  /**
   * Space on one disk.
   *
   * @param needed in bytes
   * @param free in bytes; {@link Long#MAX_VALUE} where it cannot run out
   */
  record Space(long needed, long free) {}
}
