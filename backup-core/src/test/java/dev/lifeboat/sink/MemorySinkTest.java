package dev.lifeboat.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.testkit.BackupSinkContract;
import dev.lifeboat.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MemorySinkTest implements BackupSinkContract {
  private static final ObjectName NAME = ObjectName.of("orders/data");

  @Override
  public BackupSink emptySink() {
    return new MemorySink();
  }

  @Test
  void anyTwoAreTold() {
    assertThat(new MemorySink("left").description()).isEqualTo("memory left");
    assertThat(new MemorySink().description()).isNotEqualTo(new MemorySink().description());
  }

  @Test
  void anObjectBearsTheTimeOfTheClockAndItsOwnDigest() throws IOException {
    SettableClock clock = SettableClock.at("2026-02-14T14:30:45Z");
    MemorySink sink = new MemorySink("here", clock);
    StoredObject stored = sink.put(NAME, Content.of(new byte[] {1, 2, 3}));
    clock.set(Instant.EPOCH);
    assertThat(stored.time()).isEqualTo("2026-02-14T14:30:45Z");
    assertThat(stored.attested()).contains(Digest.of(new byte[] {1, 2, 3}).sha256());
    assertThat(sink.list("")).containsExactly(stored);
  }

  @Test
  void itSaysWhatIsWrong() throws IOException {
    MemorySink sink = new MemorySink("here");
    assertThatThrownBy(() -> sink.open(NAME))
        .isExactlyInstanceOf(NoSuchFileException.class)
        .hasMessage("orders/data: no such object in memory here");
    assertThatThrownBy(() -> sink.put(NAME, lying(new byte[4], Digest.of(new byte[3]))))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(
            "Cannot keep orders/data in memory here: its content goes on after the 3 bytes its digest says."
                + " Nothing was kept.");
    assertThatThrownBy(() -> sink.put(NAME, lying(new byte[0], Digest.of(new byte[1]))))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage(
            "Cannot keep orders/data in memory here: its content is 0 bytes, SHA-256"
                + " e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, its digest says 1 bytes, SHA-256"
                + " 6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d. Nothing was kept.");
    sink.put(NAME, Content.of(new byte[1]));
    assertThatThrownBy(() -> sink.put(NAME, Content.of(new byte[1])))
        .isExactlyInstanceOf(FileAlreadyExistsException.class)
        .hasMessage("orders/data: kept already in memory here, and stays as it was");
  }

  private static Content lying(byte[] bytes, Digest said) {
    return new Content() {
      @Override
      public Digest digest() {
        return said;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }
}
