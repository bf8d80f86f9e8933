package dev.lifeboat.sqlite;

import dev.lifeboat.catalog.Text;
import dev.lifeboat.source.UnprovenException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What lies in a staging directory. Every file comes to its name by a rename when it is whole, so that one which is
 * there can be relied on, also after a crash.
 */
final class Staging {
  private final Path directory;

  Staging(Path directory) {
    this.directory = directory;
  }

  /** The content to be restored. */
  Path staged() {
    return directory.resolve("staged.db");
  }

  /** What was live before: the image that undoes an apply. */
  Path old() {
    return directory.resolve("old.db");
  }

  /** A copy of what is live now, to be compared; where it is to be made, in the room taken for it. */
  Path seen() throws IOException {
    Files.deleteIfExists(room());
    return directory.resolve("seen.db");
  }

  /**
   * Takes the room that {@link #seen} will need: neither a proof nor an undo may fail for want of it once something live
   * is replaced.
   */
  void takeRoomToSee(Path old) throws IOException {
    long most = Math.max(Files.size(staged()), Files.size(old));
    Disk.takeRoom(room(), most + OnlineBackup.SPARE);
  }

  private Path room() {
    return directory.resolve("room");
  }

  void stage(InputStream content) throws IOException {
    Path part = directory.resolve("staged.part");
    Files.deleteIfExists(part);
    Disk.write(content, part);
    Disk.rename(part, staged());
  }

  /**
   * The header of the staged copy.
   *
   * @throws UnprovenException if it is no whole database
   */
  Header header() throws IOException {
    if (!Files.exists(staged())) {
      throw new IOException("The staging directory " + Text.printable(directory.toString())
          + " holds no complete copy; nothing was changed.");
    }
    return Header.of(staged());
  }

  /** Where the image of what is live is made; {@link #keepOld} gives it its name. */
  Path oldPart() throws IOException {
    Path part = directory.resolve("old.part");
    Files.deleteIfExists(part);
    return part;
  }

  void keepOld(Path part) throws IOException {
    Disk.rename(part, old());
  }

  Optional<Plan> plan() throws IOException {
    Path file = directory.resolve("plan");
    return Files.exists(file) ? Optional.of(Plan.parse(Files.readString(file))) : Optional.empty();
  }

  void keep(Plan plan) throws IOException {
    write("plan", plan.asText());
  }

  /** Whether an apply may have changed what is live. */
  boolean hasBegun() {
    return Files.exists(directory.resolve("begun"));
  }

  /** To be said before anything live is touched. */
  void begin() throws IOException {
    write("begun", "");
  }

  /** To be said when what is live is certainly what it was before. */
  void end() throws IOException {
    Files.deleteIfExists(directory.resolve("begun"));
    Disk.syncDirectoryOf(directory.resolve("begun"));
  }

  private void write(String name, String text) throws IOException {
    Path part = directory.resolve(name + ".part");
    Files.deleteIfExists(part);
    Disk.write(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), part);
    Disk.rename(part, directory.resolve(name));
  }
}
