package dev.lifeboat.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What lies in a directory's place after somebody has taken it away. */
enum Swap {
  /** It was deleted, or its disk is gone with all above it. */
  NOTHING {
    @Override
    void put(Path place) {}
  },
  /** The mount point of an absent disk. */
  EMPTY {
    @Override
    void put(Path place) throws IOException {
      Files.createDirectory(place);
    }
  },
  /** A file. */
  FILE {
    @Override
    void put(Path place) throws IOException {
      Files.writeString(place, "mine");
    }
  },
  /** A symbolic link to a directory that is somebody else's. */
  LINK {
    @Override
    void put(Path place) throws IOException {
      Path elsewhere = Files.createDirectory(place.resolveSibling("elsewhere"));
      Files.writeString(elsewhere.resolve("precious"), "theirs");
      Files.createSymbolicLink(place, elsewhere);
    }
  },
  /** Another sink's directory. */
  OTHER {
    @Override
    void put(Path place) throws IOException {
      Files.createDirectories(place.resolve("shop"));
      Files.writeString(
          place.resolve(".lifeboat"), "id=01234567-89ab-4def-8123-456789abcdef\nanother\n");
      Files.writeString(place.resolve("shop/data"), "theirs");
    }
  };

  abstract void put(Path place) throws IOException;

  /** Takes the directory away, and puts this in its place. */
  void swap(Path directory) throws IOException {
    Files.move(directory, away(directory));
    put(directory);
  }

  static boolean isSwapped(Path directory) {
    return Files.exists(away(directory));
  }

  /**
   * Puts the directory back.
   *
   * @param untouched what is in its place must be as it was put there
   */
  void swapBack(Path directory, boolean untouched) throws IOException {
    List<String> found = shown(directory);
    remove(directory);
    put(directory);
    List<String> expected = shown(directory);
    remove(directory);
    Files.move(away(directory), directory);
    if (untouched) {
      assertEquals(expected, found, "in the place of " + directory);
    }
  }

  private static List<String> shown(Path directory) throws IOException {
    List<String> shown = new ArrayList<>();
    for (Path top : List.of(directory, directory.resolveSibling("elsewhere"))) {
      List<Path> all = new ArrayList<>(Harbour.everythingIn(top));
      all.add(top);
      for (Path path : all) {
        if (Files.isRegularFile(path)) {
          shown.add(path + " " + Files.readString(path));
        } else if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          shown.add(path.toString());
        }
      }
    }
    Collections.sort(shown);
    return shown;
  }

  private static void remove(Path directory) throws IOException {
    for (Path top : List.of(directory, directory.resolveSibling("elsewhere"))) {
      List<Path> all = Files.isSymbolicLink(top)
          ? new ArrayList<>()
          : new ArrayList<>(Harbour.everythingIn(top));
      Collections.reverse(all);
      for (Path path : all) {
        Files.delete(path);
      }
      Files.deleteIfExists(top);
    }
  }

  private static Path away(Path directory) {
    return directory.resolveSibling("away");
  }
}
