package dev.lifeboat.storage.webdav;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Where things lie that are on their way: in a folder of their own, for there are servers on which a folder cannot be
 * listed while something is being put into it. Its name is no object's, so nothing in it is ever listed; it is not
 * hidden, and nothing in it ends in {@code .part}, which servers are known to refuse.
 */
final class Part {
  static final String FOLDER = "_lifeboat/";

  /** What follows the name is nginx's, when its disk is full. */
  private static final Pattern OURS = Pattern.compile("[0-9a-f]{32}\\.tmp(\\.[0-9]+)?");

  private Part() {}

  static String newPath() {
    return FOLDER + UUID.randomUUID().toString().replace("-", "") + ".tmp";
  }

  static boolean isOurs(String folder, String name) {
    return folder.equals(FOLDER) && OURS.matcher(name).matches();
  }
}
