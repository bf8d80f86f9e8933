package dev.lifeboat;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Consumer;

/** Tells by its marks whether a backup was deleted. */
final class Deletions {
  private Deletions() {}

  /** How a mark is read. */
  @FunctionalInterface
  interface Reader {
    Mark read(CatalogEntry.MarkObject mark) throws IOException;
  }

  /**
   * Whether one of these marks of a backup is a tombstone. One that cannot be read hides nothing and explains nothing.
   *
   * @param told hears of those, one sentence each
   * @throws IOException if the sink fails
   */
  static boolean isAmong(List<CatalogEntry.MarkObject> marks, Reader reader, Consumer<String> told)
      throws IOException {
    boolean deleted = false;
    for (CatalogEntry.MarkObject mark : marks) {
      if (mark.kind() == Mark.Kind.DELETED) {
        try {
          reader.read(mark);
          deleted = true;
        } catch (NoSuchFileException e) {
          Log.debug("{} was taken back since it was listed", mark.stored().name());
        } catch (DamagedDataException | AccessDeniedException e) {
          told.accept(mark.stored().name() + " cannot be read: " + Words.of(e));
        }
      }
    }
    return deleted;
  }
}
