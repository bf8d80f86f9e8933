package dev.lifeboat.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeboat.codec.DamagedDataException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A key service of the host's: what it is asked, and what it may answer. */
class ServiceReaderTest {
  private static final String SERIES = "shop";
  private static final String BACKUP = "20260214T143045Z-manual-k7f3q2ab";

  /** Turns every bit, and remembers for what. */
  private static class Turning implements KeyWrap {
    String context = "";

    @Override
    public String id() {
      return "kms:eu/backups";
    }

    @Override
    public byte[] wrap(byte[] dataKey, String context) throws IOException {
      this.context = context;
      return turned(dataKey);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, String context) throws IOException {
      assertThat(context).isEqualTo(this.context);
      return turned(wrapped);
    }

    private static byte[] turned(byte[] bytes) {
      byte[] turned = bytes.clone();
      for (int i = 0; i < turned.length; i++) {
        turned[i] ^= -1;
      }
      return turned;
    }
  }

  @Test
  void whatTheServiceWrappedItGivesBack() throws IOException {
    Turning service = new Turning();
    Encryption encryption = Encryption.wrappedBy(service);
    Seal made = encryption.seal(SERIES, BACKUP);
    assertThat(service.context).isEqualTo("shop/20260214T143045Z-manual-k7f3q2ab");
    Seal opened = encryption.open(made.keys(), SERIES, BACKUP);
    assertThat(opened.dataKey().bytes()).isEqualTo(made.dataKey().bytes());
    assertThat(encryption.isWrapped(made.keys(), opened)).isTrue();
  }

  @Test
  void itProvesTheWriterOnlyIfItSaysSo() throws IOException {
    Encryption plain = Encryption.wrappedBy(new Turning());
    Turning proving = new Turning() {
      @Override
      public boolean provesOrigin() {
        return true;
      }
    };
    Encryption strict = Encryption.wrappedBy(proving);
    byte[] message = {1};
    for (Encryption encryption : new Encryption[] {plain, strict}) {
      Seal made = encryption.seal(SERIES, BACKUP);
      Authentication proof = encryption.authenticate(Purpose.MARK, message, Optional.of(made));
      Seal opened = encryption.open(made.keys(), SERIES, BACKUP);
      boolean proves = encryption.equals(strict);
      assertThat(opened.provesOrigin()).isEqualTo(proves);
      assertThat(encryption.canProve()).isEqualTo(proves);
      assertThat(encryption.prove(Purpose.MARK, message, proof, Optional.of(opened), false))
          .isEqualTo(
              proves
                  ? Trust.PROVEN
                  : Trust.unproven("it was opened through a key service's slot, which proves no"
                      + " writer, and it is not signed"));
    }
  }

  @Test
  void aServiceThatFailsIsPassedOnUnlessAnotherReaderOpens() throws IOException {
    IOException away = new IOException("the service is away");
    Turning failing = new Turning() {
      @Override
      public byte[] unwrap(byte[] wrapped, String context) throws IOException {
        throw away;
      }
    };
    BackupKey key = BackupKey.generate();
    Encryption encryption = Encryption.wrappedBy(failing);
    byte[] keys = encryption.alsoFor(key).seal(SERIES, BACKUP).keys();
    assertThatThrownBy(() -> encryption.open(keys, SERIES, BACKUP))
        .isExactlyInstanceOf(KeyServiceException.class)
        .hasMessage("the key service kms:eu/backups failed: the service is away")
        .hasCause(away);
    assertThat(encryption
            .alsoReading(Encryption.key(key))
            .open(keys, SERIES, BACKUP)
            .keys())
        .isEqualTo(keys);
  }

  @Test
  void answersOfOtherLengthsAreRefused() throws IOException {
    Turning odd = new Turning() {
      @Override
      public byte[] unwrap(byte[] wrapped, String context) {
        return new byte[31];
      }
    };
    Encryption encryption = Encryption.wrappedBy(odd);
    byte[] keys = encryption.seal(SERIES, BACKUP).keys();
    assertThatThrownBy(() -> encryption.open(keys, SERIES, BACKUP))
        .isExactlyInstanceOf(DamagedDataException.class)
        .hasMessage("the key service kms:eu/backups gave back 31 bytes; a data key has 32");
    for (int length : new int[] {0, 4097}) {
      Turning wide = new Turning() {
        @Override
        public byte[] wrap(byte[] dataKey, String context) {
          return new byte[length];
        }
      };
      assertThatThrownBy(() -> Encryption.wrappedBy(wide).seal(SERIES, BACKUP))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("the key service kms:eu/backups wrapped a key in " + length
              + " bytes; 1 to 4096 are allowed");
    }
  }

  @Test
  void itGetsACopyOfTheDataKey() throws IOException {
    Turning careless = new Turning() {
      @Override
      public byte[] wrap(byte[] dataKey, String context) throws IOException {
        byte[] wrapped = super.wrap(dataKey, context);
        Arrays.fill(dataKey, (byte) 0);
        return wrapped;
      }
    };
    BackupKey key = BackupKey.generate();
    Encryption encryption = Encryption.wrappedBy(careless).alsoFor(key);
    Seal made = encryption.seal(SERIES, BACKUP);
    assertThat(Encryption.key(key).open(made.keys(), SERIES, BACKUP).dataKey().bytes())
        .isEqualTo(made.dataKey().bytes());
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    for (String name : new String[] {"", "k\u00fcms", "a\nb", "x".repeat(201)}) {
      Turning named = new Turning() {
        @Override
        public String id() {
          return name;
        }
      };
      assertThatThrownBy(() -> Encryption.wrappedBy(named))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the id of a key service must be 1 to 200 printable ASCII characters");
    }
  }
}
