package dev.lifeboat.storage.webdav;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.Backups;
import dev.lifeboat.catalog.Backup;
import dev.lifeboat.catalog.Reason;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.ObjectName;
import dev.lifeboat.sink.StoredObject;
import dev.lifeboat.source.BytesSource;
import dev.lifeboat.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TomcatSinkTest extends ServerContract {
  @Override
  DavServer started(Path directory) throws IOException {
    return new TomcatServer(directory);
  }

  /** Tomcat locks what is being put, and lists the folder only when that has ended. */
  @Test
  @Override
  public void aPutUnderWayIsNotSeen() throws Exception {
    WebDavSink sink = empty();
    ObjectName name = ObjectName.of("orders/slow.data");
    Halfway content = new Halfway(new byte[2 << 20]);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<StoredObject> put = threads.submit(() -> sink.put(name, content));
      assertThat(content.reached.await(60, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> sink.open(name)).isExactlyInstanceOf(NoSuchFileException.class);
      Future<List<StoredObject>> list = threads.submit(() -> sink.list(""));
      content.go.countDown();
      StoredObject stored = put.get(60, TimeUnit.SECONDS);
      assertThat(list.get(60, TimeUnit.SECONDS)).isSubsetOf(stored);
      assertThat(sink.list("")).containsExactly(stored);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aBackupMayBeReadBackLater(@TempDir Path work) throws Exception {
    SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
    Backups backups = Backups.builder("shop")
        .source(BytesSource.of("settings", () -> new byte[100_000], bytes -> {}))
        .sink(empty().readBack(Duration.ofHours(12)))
        .workDirectory(work)
        .clock(clock)
        .build();
    Backup made = backups.create(Reason.MANUAL);
    assertThat(made.isProven()).isFalse();
    clock.advance(Duration.ofHours(13));
    backups.create(Reason.MANUAL);
    assertThat(backups.find(made.id()).orElseThrow().isProven()).isTrue();
  }

  /** Gives half of its bytes, and the rest when it is let go. */
  private static final class Halfway implements Content {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final byte[] bytes;

    Halfway(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public Digest digest() {
      return Digest.of(bytes);
    }

    @Override
    public InputStream open() {
      return new FilterInputStream(new ByteArrayInputStream(bytes)) {
        private int left = bytes.length / 2;

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
          if (left == 0) {
            reached.countDown();
            try {
              go.await();
            } catch (InterruptedException e) {
              throw new InterruptedIOException();
            }
            return super.read(buffer, offset, length);
          }
          int count = super.read(buffer, offset, Math.min(left, length));
          left -= Math.max(count, 0);
          return count;
        }
      };
    }
  }
}
