package dev.lifeboat.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lifeboat.testkit.SettableClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** How a body arrives, seen without a server: what lies between its bytes is the test's own. */
class ReceivingTest {
  private static final byte[] BYTES = new byte[19];

  @Test
  void whatTricklesIsGivenUpWhenTheClientsTimeoutForACallIsOver() throws Exception {
    try (InputStream in = receiving(new ByteArrayInputStream(BYTES), Optional.of(Duration.ZERO))) {
      assertThat(catchThrowableOfType(SocketTimeoutException.class, in::read))
          .hasMessage("cannot open s3://company-backups/shop/orders.db: 1 of 19 bytes had come when"
              + " the client's timeout of 0 ms for a call was over");
    }
  }

  @Test
  void whatIsThereAtOnceIsReadWhateverTheTimeout() throws Exception {
    try (InputStream in = receiving(new ByteArrayInputStream(BYTES), Optional.of(Duration.ZERO))) {
      assertThat(in.readNBytes(new byte[19], 0, 19)).isEqualTo(19);
    }
  }

  @Test
  void withoutATimeoutItMayTakeAsLongAsItTakes() throws Exception {
    try (InputStream in = receiving(new ByteArrayInputStream(BYTES), Optional.empty())) {
      for (int i = 0; i < 19; i++) {
        assertThat(in.read()).isZero();
      }
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void whatBreaksOffUncheckedIsAnIoException() throws Exception {
    UncheckedIOException broken = new UncheckedIOException(new IOException("broken off"));
    InputStream breaking = new InputStream() {
      @Override
      public int read() {
        throw broken;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        throw broken;
      }
    };
    try (InputStream in = receiving(breaking, Optional.empty())) {
      assertThat(catchThrowableOfType(IOException.class, in::read))
          .hasMessage("cannot open s3://company-backups/shop/orders.db: java.io.IOException:"
              + " broken off")
          .hasCause(broken);
    }
  }

  private static Receiving receiving(InputStream body, Optional<Duration> most) {
    Place place = Place.of("company-backups", "shop", Optional.empty());
    Trouble trouble =
        new Trouble(place, "open", "shop/orders.db", SettableClock.at("2026-02-14T14:30:45Z"));
    GetObjectResponse response =
        GetObjectResponse.builder().contentLength((long) BYTES.length).build();
    return new Receiving(new ResponseInputStream<>(response, body), trouble, most);
  }
}
