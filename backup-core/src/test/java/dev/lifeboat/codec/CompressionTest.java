package dev.lifeboat.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
