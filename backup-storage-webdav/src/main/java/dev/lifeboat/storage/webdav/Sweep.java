package dev.lifeboat.storage.webdav;

import dev.lifeboat.catalog.BackupId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Removes what puts left that were killed, and folders of backups that are empty: both when nobody has touched them for
 * more than a day by the server's own clock, which an object just put tells. Nothing here matters enough to fail for.
 * Other folders may be somebody else's, who wants them empty.
 *
 * <p>WebDAV deletes a collection with whatever has come into it meanwhile. So a folder is first moved aside, where
 * nobody puts anything, and looked into again; should something be in it after all, it is moved back.
 */
final class Sweep {
  static final Duration AGE = Duration.ofDays(1);

  private static final Duration TIME = Duration.ofMinutes(1);

  private final Tree tree;
  private final Call call;
  private final Instant newest;

  private Sweep(Tree tree, Call call, Instant now) {
    this.tree = tree;
    this.call = call;
    this.newest = now.minus(AGE);
  }

  /** Below the sink's collection; {@code now} is the server's time. */
  static void below(Tree tree, Call call, Instant now) {
    if (!now.equals(HttpDate.UNKNOWN)) {
      try {
        new Sweep(tree, call.extended(TIME), now).isSwept("");
      } catch (IOException e) {
        // another put will come by
      }
    }
  }

  /** Whether nothing is left in it. */
  private boolean isSwept(String folder) throws IOException {
    Optional<Tree.Folder> there = tree.children(call, folder);
    if (there.isEmpty()) {
      return false;
    }
    boolean empty = !there.get().holdsOthers();
    for (Entry entry : there.get().entries()) {
      empty &= isGone(folder, entry);
    }
    return empty;
  }

  private boolean isGone(String folder, Entry entry) throws IOException {
    String path = folder + entry.name();
    if (Part.isOurs(entry.name())) {
      return isOld(entry)
          && (entry.isCollection() ? isDeletedIfEmpty(path + "/") : isDeleted(path));
    }
    return entry.isCollection()
        && isSwept(path + "/")
        && BackupId.tryParse(entry.name()).isPresent()
        && isOld(entry)
        && isRemoved(path);
  }

  private boolean isOld(Entry entry) {
    return !entry.time().equals(HttpDate.UNKNOWN) && entry.time().isBefore(newest);
  }

  private boolean isRemoved(String path) throws IOException {
    String folder = path + "/";
    String aside = path.substring(0, path.lastIndexOf('/') + 1) + Part.newName() + "/";
    tree.forget(folder);
    if (!isMoved(folder, aside)) {
      return false;
    }
    if (!isDeletedIfEmpty(aside)) {
      isMoved(aside, folder);
      return false; // or it stays aside, where nothing is lost
    }
    return true;
  }

  /** Of a folder where nobody puts anything. */
  private boolean isDeletedIfEmpty(String aside) throws IOException {
    return tree.children(call, aside).filter(Tree.Folder::isEmpty).isPresent() && isDeleted(aside);
  }

  private boolean isMoved(String from, String to) throws IOException {
    Map<String, String> headers =
        Map.of("Destination", tree.resolve(to).toString(), "Overwrite", "F");
    try (Answer answer = tree.server().send(call, "MOVE", tree.resolve(from), headers)) {
      return answer.status() == 201 || answer.status() == 204;
    }
  }

  private boolean isDeleted(String path) throws IOException {
    try (Answer answer = tree.server().send(call, "DELETE", tree.resolve(path), Map.of())) {
      return answer.status() == 204 || answer.status() == 200 || answer.status() == 404;
    }
  }
}
