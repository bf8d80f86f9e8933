package dev.lifeboat.postgres;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a client program is told to reach a database; its password lies in a file until this is closed. */
record ClientLogin(String conninfo, @Nullable PasswordFile passwordFile) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    if (passwordFile != null) {
      passwordFile.close();
    }
  }
}
