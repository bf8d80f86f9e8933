package dev.lifeboat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeboat.BackupException.Kind;
import dev.lifeboat.codec.DamagedDataException;
import dev.lifeboat.sink.NoSpaceException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void theJdksExceptionsBecomeClauses() {
    assertThat(Words.of(new NoSuchFileException("/a"))).isEqualTo("/a does not exist");
    assertThat(Words.of(new FileAlreadyExistsException("/a"))).isEqualTo("/a is there already");
    assertThat(Words.of(new NotDirectoryException("/a"))).isEqualTo("/a is not a directory");
    assertThat(Words.of(new DirectoryNotEmptyException("/a"))).isEqualTo("/a is not empty");
    assertThat(Words.of(new AccessDeniedException("/a", null, "Permission denied.")))
        .isEqualTo("/a is not accessible (Permission denied)");
    assertThat(Words.of(new FileSystemException("/a", null, "Input/output error")))
        .isEqualTo("/a: Input/output error");
    assertThat(Words.of(new FileSystemException("/a"))).isEqualTo("/a cannot be used");
    assertThat(Words.of(new FileSystemException(null, null, "odd"))).isEqualTo("odd");
  }

  @Test
  void aMessageIsAClauseOnOneLine() {
    assertThat(Words.of(new IOException("It broke. "))).isEqualTo("It broke");
    assertThat(Words.of(new IOException("a\nb\u001b[31mc"))).isEqualTo("a\\u000ab\\u001b[31mc");
    assertThat(Words.of(new IOException(" "))).isEqualTo("IOException");
    assertThat(Words.of(new NullPointerException())).isEqualTo("NullPointerException");
    assertThat(Words.of(new UncheckedIOException(new NoSuchFileException("/a"))))
        .isEqualTo("/a does not exist");
  }

  @Test
  void aLongMessageIsCutButNotBeforeItHasSaidWhatToDo() {
    String steps = "x".repeat(1_999) + "\u2028";
    assertThat(Words.of(new IOException(steps + "more"))).isEqualTo("x".repeat(1_999) + "\\u2028…");
    assertThat(Words.of(new NoSuchFileException("/" + "a".repeat(300))))
        .isEqualTo("/" + "a".repeat(300) + " does not exist");
  }

  @Test
  void theKindIsWhatAProgramMayDo() {
    assertThat(Words.kind(new IOException("x"), Kind.SINK)).isEqualTo(Kind.SINK);
    assertThat(Words.kind(new DamagedDataException("x"), Kind.SINK)).isEqualTo(Kind.DAMAGED);
    assertThat(Words.kind(new NoSpaceException("x", null), Kind.SINK)).isEqualTo(Kind.NO_SPACE);
    assertThat(Words.kind(new IOException("File too large"), Kind.WORK)).isEqualTo(Kind.NO_SPACE);
    assertThat(Words.kind(new IOException("No space left on device"), Kind.WORK))
        .isEqualTo(Kind.NO_SPACE);
    assertThat(Words.kind(new FileSystemException("/a", null, "Disk quota exceeded"), Kind.WORK))
        .isEqualTo(Kind.NO_SPACE);
    assertThat(Words.kind(new InterruptedIOException(), Kind.SINK)).isEqualTo(Kind.INTERRUPTED);
    assertThat(Words.kind(new ClosedByInterruptException(), Kind.SINK)).isEqualTo(Kind.INTERRUPTED);
    assertThat(Words.kind(new UncheckedIOException(new InterruptedIOException()), Kind.SINK))
        .isEqualTo(Kind.INTERRUPTED);
  }

  @Test
  void aTimeoutOfASocketIsNoInterrupt() {
    assertThat(Words.kind(new SocketTimeoutException("Read timed out"), Kind.SINK))
        .isEqualTo(Kind.SINK);
    assertThat(Words.of(new SocketTimeoutException("Read timed out"))).isEqualTo("Read timed out");
  }
}
