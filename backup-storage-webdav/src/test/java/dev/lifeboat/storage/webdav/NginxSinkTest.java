package dev.lifeboat.storage.webdav;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Sinks;
import java.io.IOException;
import java.nio.file.Path;

class NginxSinkTest extends ServerContract {
  @Override
  DavServer started(Path directory) throws IOException {
    return new NginxServer(directory);
  }

  /** A folder cannot be listed (500) when something in it is deleted meanwhile: an error, and right when asked again. */
  @Override
  public BackupSink emptySink() throws IOException {
    return Sinks.retrying(super.emptySink(), 5);
  }
}
