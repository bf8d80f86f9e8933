package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.testkit.BackupSinkContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class TomcatSinkTest implements BackupSinkContract {
  @TempDir
  static Path directory;

  private static DavServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new TomcatServer(directory);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Override
  public BackupSink emptySink() throws IOException {
    server.clear();
    return server.sink();
  }

  @Override
  public BackupSink again(BackupSink sink) {
    return server.sink();
  }
}
