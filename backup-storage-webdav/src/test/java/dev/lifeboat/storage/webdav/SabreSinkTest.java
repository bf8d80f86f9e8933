package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Sinks;
import java.io.IOException;
import java.nio.file.Path;

class SabreSinkTest extends ServerContract {
  @Override
  DavServer started(Path directory) throws IOException {
    return new SabreServer(directory);
  }

  /** A folder is not found when something in it is deleted meanwhile: an error, and right when asked again. */
  @Override
  public BackupSink emptySink() throws IOException {
    return Sinks.retrying(super.emptySink(), 5);
  }
}
