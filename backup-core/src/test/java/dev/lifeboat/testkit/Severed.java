package dev.lifeboat.testkit;

import java.io.IOException;

/** The script ends a connection here. */
final class Severed extends IOException {
  private static final long serialVersionUID = 1L;

  private final HttpFault.Ending ending;

  Severed(HttpFault.Ending ending) {
    super("the connection is to end here: " + ending);
    this.ending = ending;
  }

  HttpFault.Ending ending() {
    return ending;
  }
}
