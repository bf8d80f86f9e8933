package dev.lifeboat.storage.webdav;

import java.io.IOException;
import java.nio.file.Path;

class NginxSinkTest extends ServerContract {
  @Override
  DavServer started(Path directory) throws IOException {
    return new NginxServer(directory);
  }
}
