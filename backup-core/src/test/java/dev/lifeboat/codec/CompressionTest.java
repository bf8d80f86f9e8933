package dev.lifeboat.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionTest {
  @Test
  void idsSuffixesAndNamesAreWhatManifestsAndPeopleRead() {
    assertThat(Compression.zstd().id()).isEqualTo("zstd");
    assertThat(Compression.zstd().suffix()).isEqualTo("zst");
    assertThat(Compression.zstd()).hasToString("zstd level 3");
    assertThat(Compression.zstd(19)).hasToString("zstd level 19");
    assertThat(Compression.gzip().id()).isEqualTo("gzip");
    assertThat(Compression.gzip().suffix()).isEqualTo("gz");
    assertThat(Compression.gzip()).hasToString("gzip");
    assertThat(Compression.none().id()).isEqualTo("none");
    assertThat(Compression.none().suffix()).isEmpty();
    assertThat(Compression.none()).hasToString("none");
  }

  @Test
  void whatAManifestNamesIsFound() {
    for (String id : List.of("zstd", "gzip", "none")) {
      assertThat(Compression.ofId(id).id()).isEqualTo(id);
    }
  }

  @Test
  void whatAManifestNamesAndWeDoNotKnowIsOfANewerVersion() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.ofId("lz5"))
        .withMessage("the codec \"lz5\" is not known: needs a newer version of Lifeboat than this");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.ofId("ZSTD"))
        .withMessage(
            "the codec \"ZSTD\" is not known: needs a newer version of Lifeboat than this");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.ofId("\u001b[31m\n" + "x".repeat(100)))
        .withMessage("the codec \"\\u001b[31m\\u000a" + "x".repeat(34)
            + "…\" is not known: needs a newer version of Lifeboat than this");
  }

  @Test
  void levelsAndWorkersAreCheckedAtTheDoor() {
    assertThat(Compression.zstd(-7)).hasToString("zstd level -7");
    assertThat(Compression.zstd(22, 64)).hasToString("zstd level 22");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.zstd(23))
        .withMessage("level must be -131072 to 22, was 23");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.zstd(3, 0))
        .withMessage("workers must be 1 to 64, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compression.zstd(3, 65))
        .withMessage("workers must be 1 to 64, was 65");
    assertThatNullPointerException()
        .isThrownBy(() -> Compression.gzip().decode(nothing()))
        .withMessage("in");
  }

  /** Too slow for the whole contract. */
  @ParameterizedTest
  @ValueSource(ints = {-7, 19, 22})
  void theFastestAndTheSlowestLevelsAreReadLikeAnyOther(int level) throws Exception {
    byte[] content = IntStream.range(0, 100_000)
        .mapToObj(i -> "order " + i * 7919L % 100_003 + "\n")
        .collect(joining())
        .getBytes(US_ASCII);
    assertThat(content).hasSizeGreaterThan(1 << 20); // more than a block
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (EncodingStream stream = Compression.zstd(level).encode(out, Runnable::run)) {
      stream.write(content);
      stream.finish();
    }
    InputStream in = Compression.zstd().decode(new ByteArrayInputStream(out.toByteArray()));
    assertThat(in.readAllBytes()).isEqualTo(content);
  }

  @Test
  void noneReadsWhatItIsGiven() throws Exception {
    ByteArrayInputStream in = new ByteArrayInputStream(new byte[3]);
    assertThat(Compression.none().decode(in)).isSameAs(in);
  }

  @Test
  void withoutItsLibraryZstdSaysWhatToAddAndTheOthersWork() throws Exception {
    Class<?> probe = new WithoutZstd().loadClass(WithoutZstdProbe.class.getName());
    Callable<?> callable = (Callable<?>) probe.getConstructor().newInstance();
    String missing = "zstd needs a library that this application does not have: add"
        + " com.github.luben:zstd-jni:1.5.7-28 (among modules: and --add-modules"
        + " com.github.luben.zstd_jni)";
    assertThat(callable.call())
        .isEqualTo(List.of(
            missing + ", or choose Compression.gzip()",
            missing + ", or choose Compression.gzip()",
            missing + " to read this",
            "gzip: all is well",
            "none: all is well"));
  }

  @Test
  @SuppressWarnings("unchecked") // of its own loader, by an interface of the JDK
  void withoutItsLibraryABackupThatNeedsItSaysWhatToAdd(@TempDir Path temp) throws Exception {
    Class<?> probe = new WithoutZstd().loadClass(UnreadableZstdProbe.class.getName());
    Function<Path, String> open =
        (Function<Path, String>) probe.getConstructor().newInstance();
    assertThat(open.apply(temp.resolve("work")))
        .isEqualTo(
            "REFUSED: Cannot read \"settings\": zstd needs a library that this application does"
                + " not have: add com.github.luben:zstd-jni:1.5.7-28 (among modules: and --add-modules"
                + " com.github.luben.zstd_jni) to read this.");
  }

  @Test
  void theLibraryToAddIsTheOneThatIsTested() {
    String tested = Zstd.class.getPackage().getImplementationVersion();
    assertThat(Compression.LIBRARY).isEqualTo("com.github.luben:zstd-jni:" + tested);
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static <T> T nothing() {
    return null;
  }
}
