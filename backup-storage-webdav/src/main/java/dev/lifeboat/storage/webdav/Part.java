package dev.lifeboat.storage.webdav;

import java.util.UUID;
import java.util.regex.Pattern;

/**
 * What is on its way lies beside its place: only within a folder do all servers rename, some copy from one to another.
 * Its name is no object's, so it is never listed; it is not hidden and does not end in {@code .part}, which servers are
 * known to refuse.
 */
final class Part {
  /** What follows the name is nginx's, when its disk is full. */
  private static final Pattern OURS = Pattern.compile("_lifeboat\\.[0-9a-f]{32}\\.tmp(\\.[0-9]+)?");

  private Part() {}

  static String newName() {
    return "_lifeboat." + UUID.randomUUID().toString().replace("-", "") + ".tmp";
  }

  static boolean isOurs(String name) {
    return OURS.matcher(name).matches();
  }
}
