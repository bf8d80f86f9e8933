package dev.lifeboat.storage.webdav;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.sink.BackupSink;
import dev.lifeboat.sink.Sinks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class RcloneSinkTest extends ServerContract {
  @Override
  DavServer started(Path directory) throws IOException {
    return new RcloneServer(directory);
  }

  /** A listing breaks off in the middle when something is deleted meanwhile: an error, and right when asked again. */
  @Override
  public BackupSink emptySink() throws IOException {
    return Sinks.retrying(super.emptySink(), 5);
  }

  /** It is slow to put and to list a folder, so others put the thousand there, ten to a folder. */
  @Test
  @Override
  public void aThousandObjectsAreListed() throws Exception {
    BackupSink sink = emptySink();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String name = String.format(Locale.ROOT, "orders/%02d/data.%d", i / 10, i % 10);
      Path file = files(sink).resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x");
      names.add(name);
    }
    assertThat(sink.list("orders/"))
        .extracting(object -> object.name().value())
        .containsExactlyElementsOf(names);
    assertThat(sink.list("orders/50/")).hasSize(10);
  }
}
