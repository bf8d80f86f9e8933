package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Finds out whether a server refuses to move one object onto another. Leaves nothing behind. */
final class Probe {
  private Probe() {}

  static boolean isExclusive(Tree tree, Call call) throws IOException {
    String one = Part.newPath();
    String other = Part.newPath();
    tree.makeFolder(call, Part.FOLDER);
    try {
      put(tree, call, one);
      put(tree, call, other);
      Map<String, String> headers =
          Map.of("Destination", tree.resolve(other).toString(), "Overwrite", "F");
      try (Answer answer = tree.server().send(call, "MOVE", tree.resolve(one), headers)) {
        return switch (answer.status()) {
          case 412 -> true;
          case 201, 204 -> false;
          default -> throw Trouble.of(answer);
        };
      }
    } finally {
      delete(tree, call, one);
      delete(tree, call, other);
    }
  }

  private static void put(Tree tree, Call call, String part) throws IOException {
    Content content = Content.of(part.getBytes(StandardCharsets.US_ASCII));
    try (Answer answer = tree.server().put(call, tree.resolve(part), content)) {
      if (answer.status() / 100 != 2) {
        throw Trouble.of(answer);
      }
    }
  }

  private static void delete(Tree tree, Call call, String part) {
    Uninterrupted.get(() -> {
      try {
        tree.server().send(call, "DELETE", tree.resolve(part), Map.of()).close();
        return true;
      } catch (IOException e) {
        return false; // then it is swept
      }
    });
  }
}
