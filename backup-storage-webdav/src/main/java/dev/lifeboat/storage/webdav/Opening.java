package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.ObjectName;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** A GET that must give exactly the object, as the listing knows it. */
final class Opening {
  private Opening() {}

  static InputStream open(Tree tree, Call call, ObjectName name, long size) throws IOException {
    Answer answer = tree.server().send(call, "GET", tree.resolve(name.value()), Map.of());
    try {
      if (answer.status() == 404) {
        tree.requireAbsent(call, name);
        throw Trouble.absent(call, "no such object");
      }
      if (answer.status() != 200) {
        throw Trouble.of(answer);
      }
      long length = answer.length().orElse(size);
      if (length != size) {
        throw new IOException(call.message("it has " + size + " bytes, and the server's answer "
            + length + (answer.isHtml() ? ": an HTML page, most likely a login page" : "")));
      }
      return new Whole(call, answer.body(), size);
    } catch (IOException | RuntimeException e) {
      answer.body().close();
      throw e;
    }
  }
}
