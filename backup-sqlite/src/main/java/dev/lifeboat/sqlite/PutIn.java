package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Puts the staged copy where no usable database is: nothing at all, or something broken, which is kept aside first.
 *
 * <p>Main files go first and come back last: a crash in between leaves the database missing, which is loud, and never a
 * main file beside the log of another, which SQLite would mix in silence.
 */
final class PutIn {
  private final Path live;
  private final Staging staging;
  private final Plan plan;
  private final Patience patience;
  private final Path aside;
  private final Path part;

  PutIn(Staging staging, Plan plan, Patience patience) {
    this.live = plan.live();
    this.staging = staging;
    this.plan = plan;
    this.patience = patience;
    this.aside = plan.aside();
    this.part = plan.part();
  }

  void apply() throws IOException {
    if (!staging.hasBegun() && plan.way() == Plan.Way.MISSING && LiveFile.exists(live)) {
      throw new FileAlreadyExistsException(
          place(), null, "somebody has created it meanwhile. It was not touched.");
    }
    OpenHandles.requireNone(live);
    staging.begin();
    try {
      if (!newOneIsIn()) {
        writePart();
        moveAside();
        Disk.putInPlace(part, live);
      }
      try (LiveDatabase database = LiveDatabase.open(live, patience)) {
        requireOurs(database);
      }
    } catch (IOException e) {
      undoAfter(e);
      throw e;
    }
  }

  void undo() throws IOException {
    if (!staging.hasBegun()) {
      return;
    }
    try {
      Files.deleteIfExists(part);
      if (newOneIsIn()) {
        takeOut();
      }
      bringBack();
    } catch (IOException e) {
      throw stuck(e);
    }
    staging.end();
  }

  /** Removes an unfinished new file and, if told to, what is kept aside. */
  void discard(boolean asideToo) throws IOException {
    Files.deleteIfExists(part);
    if (asideToo && newOneIsIn()) {
      for (String suffix : LiveFile.SIBLINGS) {
        Files.deleteIfExists(LiveFile.sibling(aside, suffix));
      }
      Files.deleteIfExists(aside);
    }
  }

  private boolean newOneIsIn() throws IOException {
    return LiveFile.exists(live) && (plan.way() == Plan.Way.MISSING || Files.exists(aside));
  }

  private void writePart() throws IOException {
    Files.deleteIfExists(part);
    try (InputStream in = Files.newInputStream(staging.staged())) {
      Disk.write(in, part);
    }
    if (plan.way() == Plan.Way.BROKEN) {
      Disk.likeness(Files.exists(aside) ? aside : live, part);
    }
  }

  private void moveAside() throws IOException {
    if (plan.way() == Plan.Way.BROKEN && !Files.exists(aside)) {
      Disk.rename(live, aside);
    }
    for (String suffix : LiveFile.SIBLINGS) {
      moveNew(LiveFile.sibling(live, suffix), LiveFile.sibling(aside, suffix));
    }
    if (!LiveFile.siblingsOf(live).isEmpty()) {
      throw new IOException("Somebody is using " + place() + ": "
          + Text.printable(LiveFile.siblingsOf(live).toString())
          + " came back after it was moved aside.");
    }
  }

  private void bringBack() throws IOException {
    List<String> lastFirst = new ArrayList<>(LiveFile.SIBLINGS);
    Collections.reverse(lastFirst);
    for (String suffix : lastFirst) {
      moveNew(LiveFile.sibling(aside, suffix), LiveFile.sibling(live, suffix));
    }
    if (plan.way() == Plan.Way.BROKEN) {
      moveNew(aside, live);
    }
  }

  /** Only what we have put in, and only if nobody is working on it. */
  private void takeOut() throws IOException {
    try (LiveDatabase database = LiveDatabase.open(live, patience)) {
      requireOurs(database);
      if (database.isWal()) {
        database.leaveWal(); // succeeds only alone, and leaves no log behind
      }
    }
    Files.delete(live);
    Disk.syncDirectoryOf(live);
  }

  private void requireOurs(LiveDatabase database) throws IOException {
    if (!database.equalTo(staging.staged(), staging.seen())) {
      throw new IOException(place() + " is not what was put in: somebody has changed it since");
    }
  }

  private static void moveNew(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      if (Files.exists(to)) {
        throw new FileAlreadyExistsException(Text.printable(to.toString()));
      }
      Disk.rename(from, to);
    }
  }

  private void undoAfter(IOException failure) {
    try {
      Uninterrupted.run(this::undo);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private IOException stuck(IOException cause) {
    String kept = Files.exists(aside) || !LiveFile.siblingsOf(aside).isEmpty()
        ? " It lies in " + Text.printable(aside.toString())
            + " and the files of that name with -wal, -journal or -shm. By hand: move "
            + place() + " away, rename those back, the main file last."
        : " Nothing had been kept aside.";
    return new IOException(
        "What was live before at " + place() + " could not be brought back: "
            + SqliteErrors.sentence(cause) + kept,
        cause);
  }

  private String place() {
    return Text.printable(live.toString());
  }
}
