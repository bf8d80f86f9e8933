package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.NoSpaceException;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One put: to a name of its own, then moved to the right one, which never replaces. What a server says of its success
 * is not believed; it is asked again what it holds.
 */
final class Putting {
  private static final Duration CLEAN_UP = Duration.ofSeconds(10);

  private final Tree tree;
  private final Call call;
  private final ObjectName name;
  private final Content content;
  private final String folder;
  private final String part;

  Putting(Tree tree, Call call, ObjectName name, Content content) {
    this.tree = tree;
    this.call = call;
    this.name = name;
    this.content = content;
    this.folder = Tree.folderOf(name);
    this.part = folder + Part.newName();
  }

  StoredObject put() throws IOException {
    requireAbsent();
    tree.makeFolder(call, folder);
    try {
      upload();
      requireSize(tree.find(call, part));
    } catch (IOException | RuntimeException e) {
      cleanUp(e);
      throw e;
    }
    move();
    return settled();
  }

  private void requireAbsent() throws IOException {
    Optional<Entry> there = tree.find(call, name.value());
    if (there.isPresent()) {
      throw there.get().isCollection()
          ? taken("is a folder")
          : taken("kept already, and stays as it was");
    }
  }

  private void upload() throws IOException {
    try (Answer answer = tree.server().put(call, tree.resolve(part), content)) {
      if (isStored(answer)) {
        return;
      }
      // what a server says to a missing folder differs: only asking for it tells
      if (!isFolderMade()) {
        throw explained(answer);
      }
    }
    try (Answer answer = tree.server().put(call, tree.resolve(part), content)) {
      if (!isStored(answer)) {
        throw explained(answer);
      }
    }
  }

  private static boolean isStored(Answer answer) {
    return answer.status() == 201 || answer.status() == 204 || answer.status() == 200;
  }

  /** A full disk is told in many ways, so the quota is asked where another reason is not plain. */
  private IOException explained(Answer answer) throws IOException {
    IOException trouble = Trouble.of(answer);
    int status = answer.status();
    if (status == 507 || status == 500 || status == 405 || status == 409) {
      OptionalLong free = free();
      if (status == 507 || free.orElse(content.size()) < content.size()) {
        return noSpace("no space left (HTTP " + status + " to PUT)", free, trouble);
      }
    }
    return trouble;
  }

  private void requireSize(Optional<Entry> arrived) throws IOException {
    long size = arrived.map(Entry::size).orElse(0L);
    if (arrived.isPresent() && size == content.size()) {
      return;
    }
    String what = "only " + size + " bytes of " + content.size()
        + " have arrived, though the server said it has kept them";
    OptionalLong free = free();
    if (free.orElse(content.size()) < content.size()) {
      throw noSpace(what, free, null);
    }
    throw new IOException(call.message(what + ". Nothing was kept."));
  }

  private NoSpaceException noSpace(String what, OptionalLong free, @Nullable IOException cause) {
    String left = free.isPresent() ? ", " + free.getAsLong() + " are free" : "";
    return new NoSpaceException(
        call.message(what + " (needs " + content.size() + " bytes" + left + ")"), cause);
  }

  private OptionalLong free() {
    try {
      return tree.free(call);
    } catch (IOException e) {
      return OptionalLong.empty(); // it was only to explain
    }
  }

  /** Whether a folder that was thought to be there was not. */
  private boolean isFolderMade() throws IOException {
    tree.forget(folder);
    return tree.makeFolder(call, folder);
  }

  private void move() throws IOException {
    Map<String, String> headers =
        Map.of("Destination", tree.resolve(name.value()).toString(), "Overwrite", "F");
    try (Answer answer = tree.server().send(call, "MOVE", tree.resolve(part), headers)) {
      if (answer.status() == 412) {
        throw taken("kept already, and stays as it was");
      }
      if (answer.status() != 201 && answer.status() != 204) {
        throw Trouble.of(answer);
      }
    } catch (FileAlreadyExistsException e) {
      cleanUp(e);
      throw e;
    } catch (IOException | RuntimeException e) {
      if (!hasMovedAfterAll(e)) {
        tree.forget(folder);
        throw e;
      }
    }
  }

  /**
   * When the move's answer is lost or bad, the part is deleted: either it still is there, and then it never moves, or it
   * has moved already.
   */
  private boolean hasMovedAfterAll(Exception failure) {
    return Uninterrupted.get(() -> {
      Call extended = call.extended(CLEAN_UP);
      try (Answer answer = tree.server().send(extended, "DELETE", tree.resolve(part), Map.of())) {
        return answer.status() == 404
            && tree.find(extended, name.value())
                .filter(found -> !found.isCollection() && found.size() == content.size())
                .isPresent();
      } catch (IOException e) {
        failure.addSuppressed(e);
        return false;
      }
    });
  }

  private StoredObject settled() throws IOException {
    Entry kept = tree.find(call, name.value())
        .orElseThrow(() -> new IOException(
            call.message("the server said it has moved it to its name, and it is not there")));
    if (kept.isCollection() || kept.size() != content.size()) {
      throw new IOException(call.message("the server said it has moved " + content.size()
          + " bytes to its name, and " + kept.size() + " are there"));
    }
    return new StoredObject(name, kept.size(), kept.time(), Optional.empty());
  }

  private void cleanUp(Exception failure) {
    Uninterrupted.get(() -> {
      Call extended = call.extended(CLEAN_UP);
      try {
        tree.server().send(extended, "DELETE", tree.resolve(part), Map.of()).close();
        return true;
      } catch (IOException e) {
        failure.addSuppressed(e);
        return false;
      }
    });
  }

  private FileAlreadyExistsException taken(String how) {
    return new FileAlreadyExistsException(call.place(), null, call.reason(how));
  }
}
