package dev.lifeboat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.catalog.BackupId;
import dev.lifeboat.catalog.FormatException;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.crypto.BackupKey;
import dev.lifeboat.crypto.Encryption;
import dev.lifeboat.crypto.Identity;
import dev.lifeboat.crypto.Vector;
import dev.lifeboat.layout.Shelf;
import dev.lifeboat.sink.Content;
import dev.lifeboat.sink.Digest;
import dev.lifeboat.sink.MemorySink;
import dev.lifeboat.testkit.FaultCount;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Known answers of our own: manifests with what authenticates them, and marks. */
class RecordVectorsTest {
  /** What came of it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Answer(String result, byte[] released) {
    static Answer nothing(String result) {
      return new Answer(result, new byte[0]);
    }
  }

  static Stream<Vector> vectors() throws IOException {
    return Vector.of("records").stream();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everyVectorGivesItsAnswer(Vector vector) throws Exception {
    Answer answer = answer(vector);
    assertThat(answer.result()).isEqualTo(vector.text("expect"));
    Digest digest = Digest.of(answer.released());
    assertThat(Long.toString(digest.size())).isEqualTo(vector.text("length"));
    assertThat(digest.sha256()).isEqualTo(vector.text("released"));
  }

  @Test
  void thereAreManyAndNoTwoHaveOneName() throws IOException {
    assertThat(vectors().map(Vector::toString).toList())
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(30);
    FaultCount.tried(getClass(), "a known answer of our own", vectors().count());
  }

  static Answer answer(Vector vector) throws Exception {
    BackupId id = BackupId.parse(vector.text("backup"));
    String series = vector.text("series");
    SeriesNames names = new SeriesNames(series);
    MemorySink sink = new MemorySink("vectors");
    sink.put(names.manifest(id), Content.of(vector.bytes("manifest")));
    sink.put(names.authentication(id), Content.of(vector.bytes("auth")));
    sink.put(names.keys(id, 1), Content.of(vector.bytes("keys")));
    Records records = new Records(new Shelf(sink), series, Optional.of(reader(vector)));
    try (Opened opened = records.open(id)) {
      if (vector.text("what").equals("mark")) {
        return ofMark(vector, records, id, opened);
      } else if (opened.locked().isPresent()) {
        return Answer.nothing(
            opened.locked().get().kind() == BackupException.Kind.REFUSED ? "newer" : "wrong-key");
      }
      return opened.trust().isProven()
          ? new Answer("ok", vector.bytes("manifest"))
          : Answer.nothing("refused");
    } catch (DamagedDataException e) {
      return Answer.nothing("damaged");
    } catch (FormatException e) {
      return Answer.nothing(e.isFromNewerVersion() ? "newer" : "damaged");
    }
  }

  private static Answer ofMark(Vector vector, Records records, BackupId id, Opened opened)
      throws IOException {
    Mark.Kind kind = Mark.Kind.valueOf(vector.text("kind").toUpperCase(Locale.ROOT));
    Marks.Proven read = records
        .marks()
        .read(vector.bytes("mark"), id, kind, opened.seal(), opened.trust().isProven());
    String words = read.mark().by() + "\n" + read.mark().why();
    return read.trust().isProven()
        ? new Answer("ok", words.getBytes(UTF_8))
        : Answer.nothing("refused");
  }

  private static Encryption reader(Vector vector) throws GeneralSecurityException {
    String[] words = vector.text("reader").split(" ", 2);
    Encryption encryption = words[0].equals("key")
        ? Encryption.key(BackupKey.parse(words[1].toCharArray()))
        : Encryption.identity(Identity.parse(words[1].toCharArray()));
    String trust = vector.text("trust", "");
    return trust.isEmpty()
        ? encryption
        : encryption.trusting(KeyFactory.getInstance("Ed25519")
            .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(trust))));
  }
}
